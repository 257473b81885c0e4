#include <cstdio>
#include <set>
#include <string>
#include <vector>

#include "common/rsip/codec.h"
#include "tests/bench/control/measure.h"
#include "tests/unit/common/rsip/vector_file.h"

// A vector of each message type decoded and encoded again, against copying its bytes.
namespace rsip::bench {
namespace {

using Bytes = std::vector<std::uint8_t>;

struct Cost {
  double decode_ns;
  double encode_ns;
  double copy_ns;
};

/// What any codec does at least: new memory for the message, and its bytes in it.
double copy_seconds(const Bytes& bytes) {
  return seconds_per_call([&bytes] { keep(Bytes(bytes)); });
}

Cost cost_of(const Bytes& bytes, const msg::Message& message) {
  const double decode = seconds_per_call([&bytes] { keep(msg::decode(bytes)); });
  const double encode = seconds_per_call([&message] { keep(msg::encode(message)); });
  return {decode * 1e9, encode * 1e9, copy_seconds(bytes) * 1e9};
}

void print_row(const std::string& name, std::size_t bytes, const Cost& cost) {
  const double both = cost.decode_ns + cost.encode_ns;
  std::printf("  %-38s%6zu%10.0f%10.0f%10.0f%14.0f%8.1f\n", name.c_str(), bytes, cost.copy_ns,
              cost.decode_ns, cost.encode_ns, 1e9 / both, both / cost.copy_ns);
}

}  // namespace

void measure_codec() {
  std::printf("\ncodec\n  %-38s%6s%10s%10s%10s%14s%8s\n", "message", "bytes", "copy ns",
              "decode ns", "encode ns", "both/s", "ratio");
  std::set<std::size_t> seen;
  for (const msg::VectorFile& vector : msg::load_vectors()) {
    const auto message = msg::decode(vector.bytes);
    if (!vector.decode_only && message && seen.insert(message->index()).second) {
      print_row(vector.name, vector.bytes.size(), cost_of(vector.bytes, *message));
    }
  }
}

}  // namespace rsip::bench
