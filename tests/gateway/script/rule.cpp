#include "tests/gateway/script/rule.h"

#include <algorithm>
#include <charconv>
#include <string>

#include "common/rsip/parameters.h"
#include "tests/gateway/script/json_reader.h"

namespace rsip::gateway::script {
namespace {

namespace json = boost::json;
using msg::MessageType;
using msg::ParameterType;

constexpr std::uint64_t kMostSeconds = 86400;
constexpr std::uint64_t kMostMilliseconds = 600'000;
constexpr std::uint64_t kMostRepeats = 100'000;
constexpr std::uint8_t kLastMessageType = 23;
constexpr std::size_t kMostAsync = 16;
constexpr std::size_t kMostSpis = 1024;

std::optional<MessageType> message_named(std::string_view name) {
  for (std::uint8_t number = 1; number <= kLastMessageType; ++number) {
    const auto type = static_cast<MessageType>(number);
    if (name == msg::to_string(type)) return type;
  }
  return std::nullopt;
}

std::optional<Ipv4Address> address(JsonReader& reader, std::string_view key) {
  const auto written = reader.text(key);
  if (!written) return std::nullopt;
  const auto parsed = Ipv4Address::parse(*written);
  if (!parsed) reader.complain(key, "an IPv4 address");
  return parsed ? std::optional(*parsed) : std::nullopt;
}

std::optional<Bytes> from_hex(std::string_view text) {
  if (text.size() % 2 != 0 || text.size() > 2 * msg::kMaxMessageBytes) return std::nullopt;
  Bytes bytes;
  for (std::size_t at = 0; at < text.size(); at += 2) {
    std::uint8_t byte = 0;
    const auto [end, error] = std::from_chars(&text[at], &text[at] + 2, byte, 16);
    if (error != std::errc{} || end != &text[at] + 2) return std::nullopt;
    bytes.push_back(byte);
  }
  return bytes;
}

Bytes big_endian(std::uint64_t value, std::size_t size) {
  Bytes bytes;
  for (std::size_t i = size; i-- > 0;) bytes.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
  return bytes;
}

Patch patch_of(ParameterType type, std::uint32_t nth, Bytes value) {
  return {static_cast<std::uint8_t>(type), nth, std::move(value), false};
}

Bytes address_value(Ipv4Address value) {
  Bytes bytes = big_endian(value.value, 4);
  bytes.insert(bytes.begin(), static_cast<std::uint8_t>(msg::AddressType::kIpv4));
  return bytes;
}

/// "5000", "5000-5031", "5000,5002", "" for "don't care" or "none" for "don't need": whatever
/// numbers, ports or not.
std::optional<Bytes> ports_value(std::string_view text) {
  if (text == "none") return Bytes{};
  std::vector<std::uint16_t> numbers;
  const char* at = text.data();
  const char* const past = at + text.size();
  bool range = false;
  while (at != past) {
    const auto [end, error] = std::from_chars(at, past, numbers.emplace_back());
    if (error != std::errc{} || numbers.size() > 255) return std::nullopt;
    at = end;
    if (at == past) break;
    range = range || *at == '-';
    if ((*at != ',' && *at != '-') || ++at == past) return std::nullopt;
  }
  if (numbers.empty()) return Bytes{1};
  if (range && (numbers.size() != 2 || numbers[1] - numbers[0] > 254 || numbers[1] < numbers[0])) {
    return std::nullopt;
  }
  Bytes bytes{static_cast<std::uint8_t>(range ? numbers[1] - numbers[0] + 1 : numbers.size())};
  if (range) numbers.pop_back();
  for (const std::uint16_t number : numbers) {
    const Bytes two = big_endian(number, 2);
    bytes.insert(bytes.end(), two.begin(), two.end());
  }
  return bytes;
}

/// "0x1000", "0x1000-0x1003", "0x1000,0x50", or "" for "don't care": whatever numbers, reserved or
/// named twice.
std::optional<Bytes> spis_value(std::string_view text) {
  std::vector<std::uint32_t> numbers;
  const char* at = text.data();
  const char* const past = at + text.size();
  bool range = false;
  while (at != past) {
    const bool hex = text.substr(static_cast<std::size_t>(at - text.data())).starts_with("0x");
    const auto [end, error] =
        std::from_chars(at + (hex ? 2 : 0), past, numbers.emplace_back(), hex ? 16 : 10);
    if (error != std::errc{} || numbers.size() > kMostSpis) return std::nullopt;
    at = end;
    if (at == past) break;
    range = range || *at == '-';
    if ((*at != ',' && *at != '-') || ++at == past) return std::nullopt;
  }
  if (numbers.empty()) return big_endian(1, 2);
  const bool sensible =
      numbers.size() == 2 && numbers[1] >= numbers[0] && numbers[1] - numbers[0] < 65535;
  if (range && !sensible) return std::nullopt;
  Bytes bytes = big_endian(range ? numbers[1] - numbers[0] + 1 : numbers.size(), 2);
  if (range) numbers.pop_back();
  for (const std::uint32_t number : numbers) {
    const Bytes four = big_endian(number, 4);
    bytes.insert(bytes.end(), four.begin(), four.end());
  }
  return bytes;
}

struct NumberKey {
  const char* key;
  ParameterType type;
  std::size_t bytes;
  bool add;
};
constexpr NumberKey kNumbers[] = {{"lease", ParameterType::kLeaseTime, 4, true},
                                  {"client", ParameterType::kClientId, 4, true},
                                  {"bind", ParameterType::kBindId, 4, true},
                                  {"error", ParameterType::kError, 2, false},
                                  {"counter", ParameterType::kMessageCounter, 4, true}};

struct NthKey {
  const char* key;
  std::uint32_t nth;
  bool add;
};
constexpr NthKey kAddresses[] = {{"local", 1, false}, {"remote", 2, false}, {"endpoint", 3, true}};
constexpr NthKey kPorts[] = {{"ports", 1, false}, {"remote_ports", 2, false}};

void read_tunnel(JsonReader& reader, std::vector<Patch>& patches) {
  const json::value* const value = reader.get("tunnel");
  if (value == nullptr) return;
  std::optional<std::uint64_t> number;
  if (const auto* name = value->if_string()) {
    for (const auto type :
         {msg::TunnelType::kIpIp, msg::TunnelType::kGre, msg::TunnelType::kL2tp}) {
      if (std::string_view(*name) == msg::to_string(type)) number = static_cast<std::uint8_t>(type);
    }
  } else {
    number = reader.number("tunnel", 255);
  }
  if (!number) return reader.complain("tunnel", "ip-ip, gre, l2tp or a number of 0 to 255");
  patches.push_back(patch_of(ParameterType::kTunnelType, 1, big_endian(*number, 1)));
}

/// {"9": "0102"}: the first parameter of that type gets this value; null takes it out.
void read_parameters(JsonReader& reader, std::vector<Patch>& patches) {
  const json::value* const all = reader.get("parameters");
  if (all == nullptr) return;
  constexpr const char* kExpected = "an object like {\"9\": \"0102\", \"6\": null}";
  if (!all->is_object()) return reader.complain("parameters", kExpected);
  for (const auto& member : all->get_object()) {
    const std::string_view name = member.key();
    Patch patch;
    const auto read = std::from_chars(name.data(), name.data() + name.size(), patch.type);
    const auto* const written = member.value().if_string();
    if (written != nullptr) patch.value = from_hex(std::string_view(*written));
    patch.add = true;
    const bool whole = read.ec == std::errc{} && read.ptr == name.data() + name.size();
    if (!whole || (!patch.value && !member.value().is_null())) {
      return reader.complain("parameters", kExpected);
    }
    patches.push_back(std::move(patch));
  }
}

Result<std::vector<Patch>> parse_set(const json::value& value) {
  JsonReader reader(value, "set");
  std::vector<Patch> patches;
  for (const auto& [key, type, bytes, add] : kNumbers) {
    const auto number = reader.number(key, bytes == 2 ? 0xFFFF : 0xFFFFFFFF);
    if (!number) continue;
    patches.push_back(patch_of(type, 1, big_endian(*number, bytes)));
    patches.back().add = add;
  }
  for (const auto& [key, nth, add] : kAddresses) {
    const auto named = address(reader, key);
    if (!named) continue;
    patches.push_back(patch_of(ParameterType::kAddress, nth, address_value(*named)));
    patches.back().add = add;
  }
  for (const auto& [key, nth, add] : kPorts) {
    const auto written = reader.text(key);
    const auto ports = written ? ports_value(*written) : std::nullopt;
    if (written && !ports)
      reader.complain(key, "\"5000\", \"5000-5031\", \"5000,5002\", \"\" or \"none\"");
    if (ports) patches.push_back(patch_of(ParameterType::kPorts, nth, *ports));
  }
  if (const auto written = reader.text("spis")) {
    const auto spis = spis_value(*written);
    if (!spis) reader.complain("spis", "\"0x1000\", \"0x1000-0x1003\", \"0x1000,0x50\" or \"\"");
    if (spis) patches.push_back(patch_of(ParameterType::kSpi, 1, *spis));
  }
  read_tunnel(reader, patches);
  read_parameters(reader, patches);
  if (auto done = reader.finish(); !done) return tl::unexpected(done.error());
  return patches;
}

/// "FREE_RESPONSE", "DE-REGISTER_RESPONSE", "ERROR_RESPONSE:104".
std::optional<Unasked> unasked(const json::value& value) {
  const auto* const written = value.if_string();
  if (written == nullptr) return std::nullopt;
  const std::string_view text = *written;
  const std::size_t colon = text.find(':');
  const auto type = message_named(text.substr(0, colon));
  const bool error = type == MessageType::kErrorResponse;
  if (!error && type != MessageType::kFreeResponse && type != MessageType::kDeRegisterResponse) {
    return std::nullopt;
  }
  Unasked one{*type, 0};
  if (error != (colon != std::string_view::npos)) return std::nullopt;
  if (!error) return one;
  const std::string_view code = text.substr(colon + 1);
  const auto read = std::from_chars(code.data(), code.data() + code.size(), one.error);
  const bool whole = read.ec == std::errc{} && read.ptr == code.data() + code.size();
  return whole ? std::optional(one) : std::nullopt;
}

void read_drop(JsonReader& reader, Act& act) {
  const json::value* const value = reader.get("drop");
  if (value == nullptr) return;
  const auto* const what = value->if_string();
  if ((value->is_bool() && value->get_bool()) || (what != nullptr && *what == "request")) {
    act.drop = Loss::kRequest;
  } else if (what != nullptr && *what == "reply") {
    act.drop = Loss::kReply;
  } else if (!value->is_bool()) {
    reader.complain("drop", "true, \"request\" or \"reply\"");
  }
}

void read_messages(JsonReader& reader, Act& act) {
  for (const json::value& value : reader.list("async")) {
    const auto one = unasked(value);
    if (!one || act.async.size() == kMostAsync) {
      reader.complain("async", "FREE_RESPONSE, DE-REGISTER_RESPONSE or ERROR_RESPONSE:104");
      return;
    }
    act.async.push_back(*one);
  }
  for (const json::value& value : reader.list("free")) {
    boost::system::error_code wrong;
    const auto bind = value.to_number<std::uint32_t>(wrong);
    if (wrong || !value.is_number()) return reader.complain("free", "a list of bind ids");
    act.free.push_back({bind});
  }
}

Result<Act> parse_act(const json::value& value) {
  JsonReader reader(value, "do");
  Act act;
  read_drop(reader, act);
  read_messages(reader, act);
  if (const auto error = reader.number("error", 0xFFFF)) {
    act.error = static_cast<std::uint16_t>(*error);
  }
  act.duplicate = static_cast<std::uint32_t>(reader.number("duplicate", kMostRepeats).value_or(1));
  act.repeat = static_cast<std::uint32_t>(reader.number("repeat", kMostRepeats).value_or(1));
  act.truncate = reader.number("truncate", msg::kMaxMessageBytes);
  act.delay = milliseconds(reader.number("delay_ms", kMostMilliseconds).value_or(0));
  act.trickle = milliseconds(reader.number("trickle_ms", kMostMilliseconds).value_or(0));
  act.deregister = reader.flag("deregister");
  if (const auto raw = reader.text("raw")) {
    act.raw = from_hex(*raw);
    if (!act.raw) reader.complain("raw", "bytes in hexadecimal digits");
  }
  const json::value* const set = reader.get("set");
  if (auto done = reader.finish(); !done) return tl::unexpected(done.error());
  if (set == nullptr) return act;
  auto patches = parse_set(*set);
  if (!patches) return tl::unexpected(patches.error());
  act.set = std::move(*patches);
  return act;
}

Result<Match> parse_match(const json::value& value) {
  JsonReader reader(value, "match");
  Match match;
  if (const auto name = reader.text("message")) {
    match.message = message_named(*name);
    if (!match.message) reader.complain("message", "a name like \"ASSIGN_REQUEST_RSAP-IP\"");
  }
  match.host = address(reader, "host");
  if (const auto nth = reader.number("nth", 0xFFFFFFFF))
    match.nth = static_cast<std::uint32_t>(*nth);
  if (const auto times = reader.number("times", 0xFFFFFFFF)) {
    match.times = static_cast<std::uint32_t>(*times);
  }
  match.after = std::chrono::seconds(reader.number("after_seconds", kMostSeconds).value_or(0));
  if (auto done = reader.finish(); !done) return tl::unexpected(done.error());
  return match;
}

}  // namespace

Result<Line> parse_line(std::string_view text) {
  boost::system::error_code wrong;
  const json::value value = json::parse(text, wrong);
  if (wrong) return fail(ErrorKind::kUsage, "this is not JSON: " + wrong.message());
  JsonReader reader(value, "the line");
  Line line;
  const json::value* const match = reader.get("match");
  const json::value* const act = reader.get("do");
  line.host = address(reader, "host");
  line.clear = reader.flag("clear");
  if (act == nullptr && !line.clear) reader.complain("do", "an object that says what to do");
  if (auto done = reader.finish(); !done) return tl::unexpected(done.error());
  if (match != nullptr) {
    auto parsed = parse_match(*match);
    if (!parsed) return tl::unexpected(parsed.error());
    line.match = *parsed;
  }
  if (act == nullptr) return line;
  auto parsed = parse_act(*act);
  if (!parsed) return tl::unexpected(parsed.error());
  line.act = std::move(*parsed);
  return line;
}

}  // namespace rsip::gateway::script
