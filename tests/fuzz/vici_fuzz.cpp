// VICI messages: what is read can be written, and that is read as the same. Then what is made of
// it: the associations in it, and how to end them.

#include <cstdint>
#include <set>
#include <span>

#include "agent/ipsec/charon_sas.h"
#include "agent/ipsec/vici_message.h"
#include "tests/fuzz/require.h"

namespace {

using namespace rsip::agent;
using rsip::fuzz::require;

void check_sas(const vici::Section& body) {
  const auto sas = read_charon_sas(body);
  std::set<std::uint32_t> spis;
  std::size_t children = 0;
  for (const CharonSa& sa : sas) {
    children += sa.children.size();
    for (const CharonChild& child : sa.children) spis.insert(child.spi_in);
  }
  require(terminations(sas, spis, true).size() <= sas.size(),
          "one termination ends a whole IKE_SA");
  require(sas.size() <= vici::kMaxElements && children <= vici::kMaxElements, "it is bounded");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto packet = vici::decode(std::span(data, size));
  if (!packet) {
    require(!packet.error().message.empty(), "an error says what is wrong");
    return 0;
  }
  const auto written = vici::encode(*packet);
  require(written.has_value(), "what is read can be written");
  require(written->size() == size + 4, "nothing is lost or added");
  const auto again = vici::decode(std::span(*written).subspan(4));
  require(again && *again == *packet, "what is written is read as the same");
  check_sas(packet->body);
  return 0;
}
