#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "common/rsip/framer.h"
#include "tests/fuzz/require.h"

// However TCP cuts a stream, the same messages come out of it. The input is a plan of the cuts,
// then the stream: byte 0 is the number of cuts in its low four bits, bit 7 tells whether messages
// are taken after each piece or at the end; then one byte for the size of each piece, over and
// over.
namespace {

using Bytes = std::vector<std::uint8_t>;
using rsip::fuzz::require;
using rsip::msg::DecodeError;
using rsip::msg::Framer;

/// Everything that a reader of the stream notices.
struct Reading {
  std::vector<Bytes> frames;
  std::optional<DecodeError> fault;
  std::size_t pending = 0;
};

struct Plan {
  explicit Plan(std::span<const std::uint8_t>& input) {
    if (input.empty()) return;
    const std::size_t cuts = std::min<std::size_t>(input[0] & 0x0F, input.size() - 1);
    take_at_once = (input[0] & 0x80) != 0;
    sizes = input.subspan(1, cuts);
    input = input.subspan(1 + cuts);
  }
  [[nodiscard]] std::size_t piece(std::size_t number, std::size_t left) const {
    if (sizes.empty()) return left;
    return std::min<std::size_t>(left, std::max<std::size_t>(1, sizes[number % sizes.size()]));
  }
  std::span<const std::uint8_t> sizes;
  bool take_at_once = true;
};

void take_all(Framer& framer, Reading& reading) {
  while (!reading.fault) {
    const auto frame = framer.next();
    if (!frame) {
      reading.fault = frame.error();
    } else if (*frame) {
      reading.frames.emplace_back((*frame)->begin(), (*frame)->end());
    } else {
      return;
    }
  }
}

Reading read(std::span<const std::uint8_t> stream, const Plan& plan) {
  Framer framer;
  Reading reading;
  for (std::size_t number = 0; !stream.empty(); ++number) {
    const std::size_t size = plan.piece(number, stream.size());
    framer.feed(stream.first(size));
    stream = stream.subspan(size);
    if (plan.take_at_once) take_all(framer, reading);
  }
  take_all(framer, reading);
  reading.pending = framer.pending();
  return reading;
}

std::size_t framed(const Reading& reading) {
  std::size_t bytes = 0;
  for (const Bytes& frame : reading.frames) bytes += frame.size();
  return bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::span<const std::uint8_t> stream(data, size);
  const Plan plan(stream);
  std::span<const std::uint8_t> nothing;
  const Reading whole = read(stream, Plan(nothing));
  const Reading cut = read(stream, plan);
  require(whole.frames == cut.frames, "the same messages however the stream is cut");
  require(whole.fault == cut.fault, "the same fault however the stream is cut");
  require(framed(whole) + whole.pending <= stream.size(), "no byte is counted twice");
  if (!whole.fault) {
    require(framed(whole) + whole.pending == stream.size(), "no byte is lost");
    require(cut.pending == whole.pending, "the same rest however the stream is cut");
  }
  return 0;
}
