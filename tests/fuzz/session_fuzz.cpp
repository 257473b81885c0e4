#include <cstdio>
#include <cstdlib>
#include <span>

#include "common/rsip/codec.h"
#include "tests/unit/agent/control/session_watch.h"

// Bytes become events, decoded messages among them, for a session under observation.
namespace rsip::agent::test {
namespace {

const Ipv4Address kGateway{0x0A010001};
const Ipv4Address kPeer{0xC6336401};

class Input {
 public:
  explicit Input(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}
  [[nodiscard]] bool empty() const { return bytes_.empty(); }
  std::uint8_t next() {
    if (bytes_.empty()) return 0;
    const std::uint8_t byte = bytes_.front();
    bytes_ = bytes_.subspan(1);
    return byte;
  }
  std::span<const std::uint8_t> take(std::size_t count) {
    const auto taken = bytes_.first(std::min(count, bytes_.size()));
    bytes_ = bytes_.subspan(taken.size());
    return taken;
  }

 private:
  std::span<const std::uint8_t> bytes_;
};

class Fuzzer {
 public:
  explicit Fuzzer(Input input) : input_(input), watch_(settings(input_.next()), 1) {
    watch_.start(now_);
    watch_.on(LinkUp{}, now_);
  }

  void run() {
    while (!input_.empty() && !watch_.finished) step();
    watch_.on(Stop{}, now_);
    for (int i = 0; i < 20 && !watch_.finished; ++i) {
      now_ += std::chrono::seconds(1);
      watch_.on(Tick{}, now_);
    }
    check();
    if (!watch_.finished) fail("the session does not end");
  }

 private:
  static SessionSettings settings(std::uint8_t choice) {
    SessionSettings all{kGateway};
    all.method = (choice & 1) != 0 ? msg::Method::kRsaIp : msg::Method::kRsapIp;
    all.tunnels = {msg::TunnelType::kIpIp, msg::TunnelType::kGre};
    all.addresses = 1 + (choice >> 1 & 1);
    all.max_ports = 64;
    if ((choice & 8) != 0) all.ipsec = {4, 12, 4, {}, {kPeer}};
    if ((choice & 4) != 0) all.first_wait = std::chrono::microseconds(12500);
    return all;
  }

  void step() {
    const std::uint8_t kind = input_.next();
    if (kind >= 0x40) {
      receive(kind);
    } else {
      watch_.on(happening(kind), now_);
    }
    check();
  }

  /// A message with the counter that is expected now, 0, or its own.
  void receive(std::uint8_t kind) {
    auto message = msg::decode(input_.take(kind & 0x3F ? kind & 0x7F : input_.next()));
    if (!message) return;
    std::visit(
        [&](auto& m) {
          if ((kind & 0x80) != 0) m.trailer.counter = watch_.counter;
        },
        *message);
    watch_.on(Received{std::move(*message)}, now_);
  }

  RemoteScope remote() {
    const std::uint8_t which = input_.next();
    RemoteScope scope{Ipv4Address{kPeer.value + (which & 3)}, {}};
    if ((which & 4) != 0) scope.port = 443;
    return scope;
  }

  SessionEvent happening(std::uint8_t kind) {
    switch (kind % 16) {
      case 0:
        return LinkUp{};
      case 1:
        return LinkDown{{}};
      case 2:
        return NetworkBack{};
      case 3:
        return PortsWanted{{remote()}};
      case 4:
        return LeasesIdle{{BindId{input_.next()}}, {BindId{input_.next()}, BindId{input_.next()}}};
      case 5:
        return ListenWanted{{input_.next(), {}, (kind & 0x10) != 0, {}}};
      case 6:
        return ListenWanted{{input_.next(), std::uint16_t{80}, false, remote()}};
      case 7:
        return ListenUnwanted{input_.next()};
      case 8:
        return QueryWanted{{kPeer}, {Ipv4Prefix{Ipv4Address{0x0A000000}, 8}}};
      case 9:
        return RenewWanted{{BindId{input_.next()}}};
      case 10:
        return OwnAddresses{{Ipv4Address{0xCB007100U + input_.next()}}};
      case 11:
        return TunnelUnreachable{};
      case 12:
        return spis_wanted();
      case 13:
        return SpisUnwanted{{BindId{input_.next()}}};
      default:
        return tick();
    }
  }

  SpisWanted spis_wanted() {
    const std::uint8_t how = input_.next();
    SpisWanted wanted{static_cast<std::uint16_t>(how % 5), {}, {}, {}};
    if ((how & 0x20) != 0) wanted.peer = kPeer;
    if ((how & 0x40) != 0) wanted.exactly = 200U + input_.next();
    return wanted;
  }

  SessionEvent tick() {
    const std::uint8_t how = input_.next();
    const TimePoint next = watch_.session.next_deadline();
    if ((how & 1) != 0 && next != TimePoint::max()) {
      now_ = std::max(now_, next);
    } else {
      now_ += std::chrono::milliseconds(std::int64_t{how} * how * 16);
    }
    return Tick{};
  }

  void check() {
    if (!watch_.violation.empty()) fail(watch_.violation.c_str());
  }
  [[noreturn]] static void fail(const char* what) {
    std::fprintf(stderr, "session: %s\n", what);
    std::abort();
  }

  Input input_;
  TimePoint now_{std::chrono::hours(1)};
  SessionWatch watch_;
};

}  // namespace
}  // namespace rsip::agent::test

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  rsip::agent::test::Fuzzer(rsip::agent::test::Input({data, size})).run();
  return 0;
}
