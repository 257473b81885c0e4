#include <cstdio>
#include <cstring>

#include "tests/bench/control/measure.h"

// What the control plane costs without any network under it: the codec, the gateway's engine, and a
// thousand agents' sessions that talk to it.
int main(int argc, char** argv) {
  const char* const part = argc > 1 ? argv[1] : "all";
  const auto wanted = [part](const char* name) {
    return std::strcmp(part, "all") == 0 || std::strcmp(part, name) == 0;
  };
  if (!wanted("codec") && !wanted("engine") && !wanted("sessions")) {
    std::fprintf(stderr, "usage: control_bench [codec | engine | sessions]\n");
    return 2;
  }
  if (wanted("codec")) rsip::bench::measure_codec();
  if (wanted("engine")) rsip::bench::measure_engine();
  if (wanted("sessions")) rsip::bench::measure_sessions();
  return 0;
}
