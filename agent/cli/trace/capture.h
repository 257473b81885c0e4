#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "agent/cli/trace/pcapng.h"
#include "common/base/result.h"

struct pcap;

namespace rsip::cli::trace {

/// Packets of one device, as libpcap sees them.
class Capture {
 public:
  /// errors   kPermission without root or CAP_NET_RAW, kNotFound for a device that is not there,
  ///          kOther
  static Result<Capture> open(const std::string& device, const std::string& filter);

  /// Readable when there are packets.
  [[nodiscard]] int descriptor() const;
  [[nodiscard]] std::uint16_t link_type() const;

  /// Takes what has come, at most so many.
  ///
  /// take      gets each; its interface is left at 0
  /// errors    kNotFound if the device went away
  Result<void> read(std::uint64_t most, const std::function<void(const CapturedPacket&)>& take);

  /// Packets that came faster than they were taken.
  [[nodiscard]] std::uint64_t lost() const;

 private:
  struct Close {
    void operator()(pcap* handle) const;
  };
  explicit Capture(pcap* handle) : handle_(handle) {}
  std::unique_ptr<pcap, Close> handle_;
};

/// Bytes of a packet that are kept at most: with offloads a packet is larger than any link allows.
inline constexpr int kSnapBytes = 262144;

}  // namespace rsip::cli::trace
