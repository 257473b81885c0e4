#include "agent/ipsec/vici_message.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace rsip::agent::vici {
namespace {

enum class Element : std::uint8_t {
  kSectionStart = 1,
  kSectionEnd = 2,
  kKeyValue = 3,
  kListStart = 4,
  kListItem = 5,
  kListEnd = 6,
};

constexpr std::size_t kMaxName = 255;
constexpr std::size_t kMaxValue = 65535;

bool has_name(PacketType type) {
  return type == PacketType::kRequest || type == PacketType::kRegister ||
         type == PacketType::kUnregister || type == PacketType::kEvent;
}

bool has_body(PacketType type) {
  return type == PacketType::kRequest || type == PacketType::kResponse ||
         type == PacketType::kEvent;
}

/// Appends; the first thing that does not fit stays as the error.
class Writer {
 public:
  Writer() { bytes_.insert(bytes_.end(), 4, 0); }  ///< Room for the length.

  void byte(std::uint8_t value) { bytes_.push_back(value); }

  void name(std::string_view text) {
    if (text.empty() || text.size() > kMaxName)
      return complain("a name of no or of too many bytes");
    byte(static_cast<std::uint8_t>(text.size()));
    bytes_.insert(bytes_.end(), text.begin(), text.end());
  }

  void section(const Section& section, std::size_t depth) {
    if (depth > kMaxDepth) return complain("sections nested too deeply");
    for (const Entry& entry : section.entries) {
      count();
      std::visit([&](const auto& value) { put(entry.name, value, depth); }, entry.value);
    }
  }

  Result<std::vector<std::uint8_t>> finish() {
    const std::size_t length = bytes_.size() - 4;
    if (length > kMaxPacketBytes) complain("too many bytes");
    if (fault_ != nullptr) {
      return fail(ErrorKind::kProtocol, std::string("cannot say by VICI: ") + fault_);
    }
    for (std::size_t i = 0; i < 4; ++i) {
      bytes_[i] = static_cast<std::uint8_t>(length >> (24 - 8 * i));
    }
    return std::move(bytes_);
  }

 private:
  void put(std::string_view key, const std::string& text, std::size_t) {
    element(Element::kKeyValue);
    name(key);
    value(text);
  }

  void put(std::string_view key, const Section::List& items, std::size_t) {
    element(Element::kListStart);
    name(key);
    for (const std::string& item : items) {
      count();
      element(Element::kListItem);
      value(item);
    }
    element(Element::kListEnd);
  }

  void put(std::string_view key, const Section& inner, std::size_t depth) {
    element(Element::kSectionStart);
    name(key);
    section(inner, depth + 1);
    element(Element::kSectionEnd);
  }

  void element(Element type) { byte(static_cast<std::uint8_t>(type)); }

  void value(std::string_view text) {
    if (text.size() > kMaxValue) return complain("a value of too many bytes");
    byte(static_cast<std::uint8_t>(text.size() >> 8));
    byte(static_cast<std::uint8_t>(text.size()));
    bytes_.insert(bytes_.end(), text.begin(), text.end());
  }

  void count() {
    if (++elements_ > kMaxElements) complain("too many elements");
  }
  void complain(const char* fault) {
    if (fault_ == nullptr) fault_ = fault;
  }

  std::vector<std::uint8_t> bytes_;
  std::size_t elements_ = 0;
  const char* fault_ = nullptr;
};

/// Reads from the front; the first fault stays, and nothing is read behind it.
class Reader {
 public:
  explicit Reader(std::span<const std::uint8_t> bytes) : rest_(bytes) {}

  [[nodiscard]] const char* fault() const { return fault_; }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }

  std::uint8_t byte() {
    const auto got = take(1);
    return got.empty() ? std::uint8_t{0} : got[0];
  }

  std::string name() {
    const std::size_t length = byte();
    if (length == 0) complain("a name is empty or cut off");
    return text(length);
  }

  Section body() {
    Section root;
    std::vector<Section*> open{&root};
    while (fault_ == nullptr && !at_end()) element(open);
    if (open.size() > 1) complain("a section does not end");
    return root;
  }

  void complain(const char* fault) {
    if (fault_ == nullptr) fault_ = fault;
  }

 private:
  /// `open` holds the sections that have not ended, the innermost last. A section that is open is
  /// the last entry of the one around it, so it does not move while it grows.
  void element(std::vector<Section*>& open) {
    const auto type = static_cast<Element>(byte());
    if (type != Element::kSectionEnd) count();
    switch (type) {
      case Element::kSectionStart:
        return begin_section(open);
      case Element::kSectionEnd:
        if (open.size() == 1) return complain("a section ends that has not begun");
        open.pop_back();
        return;
      case Element::kKeyValue: {
        std::string key = name();
        return open.back()->set(std::move(key), value());
      }
      case Element::kListStart: {
        std::string key = name();
        return open.back()->set(std::move(key), list());
      }
      default:
        return complain("an element has no known type, or is not where it may be");
    }
  }

  void begin_section(std::vector<Section*>& open) {
    if (open.size() > kMaxDepth) return complain("sections are nested too deeply");
    std::vector<Entry>& entries = open.back()->entries;
    entries.push_back({name(), Section{}});
    open.push_back(&std::get<Section>(entries.back().value));
  }

  Section::List list() {
    Section::List items;
    while (fault_ == nullptr) {
      const auto type = static_cast<Element>(byte());
      if (type == Element::kListEnd) break;
      if (type != Element::kListItem) complain("a list has something else than items");
      count();
      items.push_back(value());
    }
    return items;
  }

  std::string value() {
    const std::size_t high = byte();
    return text(high << 8 | byte());
  }

  std::string text(std::size_t length) {
    const auto got = take(length);
    return {got.begin(), got.end()};
  }

  std::span<const std::uint8_t> take(std::size_t length) {
    if (length > rest_.size()) complain("it is cut off");
    if (fault_ != nullptr) return {};
    const auto taken = rest_.first(length);
    rest_ = rest_.subspan(length);
    return taken;
  }

  void count() {
    if (++elements_ > kMaxElements) complain("it has too many elements");
  }

  std::span<const std::uint8_t> rest_;
  std::size_t elements_ = 0;
  const char* fault_ = nullptr;
};

const Entry* find(const Section& section, std::string_view name, std::size_t kind) {
  const auto found = std::ranges::find_if(section.entries, [&](const Entry& entry) {
    return entry.name == name && entry.value.index() == kind;
  });
  return found == section.entries.end() ? nullptr : &*found;
}

}  // namespace

void Section::set(std::string name, std::string value) {
  entries.push_back({std::move(name), std::move(value)});
}

void Section::set(std::string name, List items) {
  entries.push_back({std::move(name), std::move(items)});
}

void Section::set(std::string name, Section section) {
  entries.push_back({std::move(name), std::move(section)});
}

std::string_view Section::text(std::string_view name) const {
  const Entry* const entry = find(*this, name, 0);
  return entry == nullptr ? std::string_view() : std::get<std::string>(entry->value);
}

const Section* Section::section(std::string_view name) const {
  const Entry* const entry = find(*this, name, 2);
  return entry == nullptr ? nullptr : &std::get<Section>(entry->value);
}

bool Section::operator==(const Section&) const = default;

Result<std::vector<std::uint8_t>> encode(const Packet& packet) {
  Writer writer;
  writer.byte(static_cast<std::uint8_t>(packet.type));
  if (has_name(packet.type)) writer.name(packet.name);
  if (has_body(packet.type)) writer.section(packet.body, 0);
  return writer.finish();
}

Result<Packet> decode(std::span<const std::uint8_t> bytes) {
  Reader reader(bytes);
  Packet packet;
  if (bytes.size() > kMaxPacketBytes) reader.complain("it is too long");
  const std::uint8_t type = reader.byte();
  if (type > static_cast<std::uint8_t>(PacketType::kEvent)) reader.complain("it has no known type");
  packet.type = static_cast<PacketType>(type);
  if (has_name(packet.type)) packet.name = reader.name();
  if (has_body(packet.type)) packet.body = reader.body();
  if (!reader.at_end()) reader.complain("it has more bytes than it needs");
  if (reader.fault() != nullptr) {
    return fail(ErrorKind::kProtocol,
                std::string("a VICI message cannot be read: ") + reader.fault());
  }
  return packet;
}

}  // namespace rsip::agent::vici
