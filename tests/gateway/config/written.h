#pragma once

#include <string>
#include <string_view>

#include "common/base/port_range.h"
#include "common/base/result.h"
#include "common/base/spi_range.h"
#include "common/rsip/registry.h"

/// How values of the configuration are written, for TableReader::item() and list().
namespace rsip::gateway {

/// A PortRange: "1024-65535", or "5000".
struct WrittenRange {
  PortRange range;
  static Result<WrittenRange> parse(std::string_view text);
};

/// An SpiRange: "0x1000-0xffffffff", or "4096".
struct WrittenSpis {
  SpiRange range;
  static Result<WrittenSpis> parse(std::string_view text);
};

/// A tunnel type.
struct WrittenTunnel {
  msg::TunnelType type = msg::TunnelType::kIpIp;
  static Result<WrittenTunnel> parse(std::string_view text);
};

/// Any string.
struct Word {
  std::string text;
  static Result<Word> parse(std::string_view text) { return Word{std::string(text)}; }
};

}  // namespace rsip::gateway
