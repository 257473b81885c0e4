#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "common/base/result.h"

/// The Versatile IKE Configuration Interface of strongSwan: what goes over its socket.
namespace rsip::agent::vici {

/// Longest packet either side may send, its length field not counted.
inline constexpr std::size_t kMaxPacketBytes = 512 * 1024;
/// Deepest nesting that is read or written; charon's own messages need four levels.
inline constexpr std::size_t kMaxDepth = 16;
/// Most sections, values, lists and items in one message.
inline constexpr std::size_t kMaxElements = 32768;

struct Entry;

/// Named values, lists and sections, in their order. All values are texts, or any bytes.
struct Section {
  using List = std::vector<std::string>;

  std::vector<Entry> entries;

  void set(std::string name, std::string value);
  void set(std::string name, List items);
  void set(std::string name, Section section);
  /// The first value of that name; empty if there is none.
  [[nodiscard]] std::string_view text(std::string_view name) const;
  /// The first section of that name; null if there is none.
  [[nodiscard]] const Section* section(std::string_view name) const;
  bool operator==(const Section&) const;
};

struct Entry {
  std::string name;  ///< 1 to 255 bytes.
  std::variant<std::string, Section::List, Section> value;
  bool operator==(const Entry&) const = default;
};

enum class PacketType : std::uint8_t {
  kRequest = 0,
  kResponse = 1,
  kUnknownCommand = 2,
  kRegister = 3,
  kUnregister = 4,
  kConfirmed = 5,
  kUnknownEvent = 6,
  kEvent = 7,
};

struct Packet {
  PacketType type = PacketType::kRequest;
  std::string name;  ///< Of requests, registrations and events: 1 to 255 bytes. Else empty.
  Section body;      ///< Of requests, responses and events. Else empty.
  bool operator==(const Packet&) const = default;
};

/// With the length field in front.
///
/// errors   kProtocol if a name or value is too long, or there is too much of them
Result<std::vector<std::uint8_t>> encode(const Packet& packet);

/// A packet without its length field.
///
/// errors   kProtocol, and says what is wrong with it
Result<Packet> decode(std::span<const std::uint8_t> bytes);

}  // namespace rsip::agent::vici
