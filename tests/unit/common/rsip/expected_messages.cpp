#include "tests/unit/common/rsip/expected_messages.h"

namespace rsip::msg {
namespace {

using std::nullopt;

constexpr Ipv4Address kLeased{0x9570F09C};  // 149.112.240.156, as in RFC 3103 appendix C
constexpr Ipv4Address kLeasedWhole{0x9570F011};
constexpr Ipv4Address kFtpServer{0x26C44906};  // 38.196.73.6
constexpr Ipv4Address kEndpoint{0x0A010002};
constexpr Ipv4Address kPrinter{0x0A143C07};
constexpr DontCare kAny;

Ports any(std::uint8_t count) {
  return Ports::dont_care(count);
}
Ports ports(std::uint16_t first, std::uint16_t count = 1) {
  return Ports::contiguous({first, count});
}
Trailer counter(std::uint32_t value) {
  return {value, {}, {}};
}
ClientId client(std::uint32_t id) {
  return {id};
}
BindId bind(std::uint32_t id) {
  return {id};
}
LeaseTime seconds(std::uint32_t count) {
  return LeaseTime(count);
}
Ipv6Address ipv6(std::array<std::uint8_t, 4> head, std::uint8_t last = 0) {
  Ipv6Address address;
  std::copy(head.begin(), head.end(), address.bytes.begin());
  address.bytes[15] = last;
  return address;
}
AddressTuple tuple(Address address) {
  return {std::move(address)};
}
NetworkTuple network(std::uint32_t address, std::uint32_t mask) {
  return {Ipv4Address{address}, Ipv4Netmask{mask}};
}

const FlowPolicy kLoose{LocalFlowPolicy::kMacro, RemoteFlowPolicy::kNone};
const FlowPolicy kTight{LocalFlowPolicy::kMicro, RemoteFlowPolicy::kMicro};
const FlowPolicy kMacro{LocalFlowPolicy::kMacro, RemoteFlowPolicy::kMacro};

const std::map<std::string, Message> kRegistration = {
    {"register_request", RegisterRequest{}},
    {"register_request_counter", RegisterRequest{counter(1)}},
    {"register_request_extensions",
     RegisterRequest{{7, {{32473, 1, {0xAB, 0xCD, 0xEF}}}, {{241, {0xBE, 0xEF}}}}}},
    {"register_response", RegisterResponse{client(1), seconds(600), kLoose, {}, {}, {}}},
    {"register_response_offers", RegisterResponse{client(5),
                                                  seconds(600),
                                                  kTight,
                                                  {Method::kRsapIp, Method::kRsaIp},
                                                  {TunnelType::kIpIp, TunnelType::kGre},
                                                  counter(1)}},
    {"register_response_all_offers",
     RegisterResponse{client(0xFFFFFFFE),
                      seconds(0xFFFFFFFF),
                      kMacro,
                      {Method::kRsaIp, Method::kRsapIp, Method::kRsipsec},
                      {TunnelType::kIpIp, TunnelType::kGre, TunnelType::kL2tp},
                      {}}},
    {"de_register_request", DeRegisterRequest{client(1), {}}},
    {"de_register_response", DeRegisterResponse{client(1), {}}},
    {"de_register_response_unasked", DeRegisterResponse{client(1), counter(0)}},
    {"error_response", ErrorResponse{314, client(3), nullopt, {}}},
    {"error_response_bare", ErrorResponse{106, nullopt, nullopt, {}}},
    {"error_response_bind", ErrorResponse{306, client(1), bind(9), counter(7)}},
    {"error_response_ipsec", ErrorResponse{403, client(1), nullopt, {}}},
    {"error_response_future", ErrorResponse{999, nullopt, nullopt, {}}},
};

const std::map<std::string, Message> kAssignments = {
    {"assign_request_rsa_ip",
     AssignRequestRsaIp{
         client(3), kAny, Fqdn{"www.foo.com"}, any(1), seconds(3600), TunnelType::kIpIp, {}}},
    {"assign_response_rsa_ip", AssignResponseRsaIp{client(3),
                                                   bind(1),
                                                   kLeasedWhole,
                                                   Fqdn{"www.bar.com"},
                                                   any(1),
                                                   seconds(3600),
                                                   TunnelType::kIpIp,
                                                   nullopt,
                                                   {}}},
    {"assign_response_rsa_ip_endpoint",
     AssignResponseRsaIp{client(3), bind(2), kLeasedWhole, kAny, any(1), seconds(0),
                         TunnelType::kGre, kEndpoint, counter(42)}},
    {"assign_request_rsap_ip",
     AssignRequestRsapIp{client(1), kAny, any(4), kAny, any(1), seconds(3600), nullopt, {}}},
    {"assign_request_rsap_ip_zeros",
     AssignRequestRsapIp{client(1), kAny, any(4), kAny, any(1), seconds(3600), nullopt, {}}},
    {"assign_request_rsap_ip_any_type",
     AssignRequestRsapIp{client(1), kAny, any(16), kAny, any(1), nullopt, nullopt, {}}},
    {"assign_request_rsap_ip_suggested",
     AssignRequestRsapIp{
         client(1), kLeased, ports(1238, 8), kAny, any(1), seconds(1800), nullopt, {}}},
    {"assign_request_rsap_ip_micro",
     AssignRequestRsapIp{client(5), kAny, any(1), kFtpServer, ports(21), seconds(600),
                         TunnelType::kIpIp, counter(2)}},
    {"assign_request_rsap_ip_listed", AssignRequestRsapIp{client(1),
                                                          kAny,
                                                          {Form::kListed, 3, {5000, 6000, 7000}},
                                                          kAny,
                                                          any(1),
                                                          nullopt,
                                                          nullopt,
                                                          {}}},
    {"assign_response_rsap_ip", AssignResponseRsapIp{client(1),
                                                     bind(1),
                                                     kLeased,
                                                     ports(1234, 4),
                                                     kAny,
                                                     any(1),
                                                     seconds(1800),
                                                     TunnelType::kIpIp,
                                                     nullopt,
                                                     {}}},
    {"assign_response_rsap_ip_no_tunnel", AssignResponseRsapIp{client(1),
                                                               bind(2),
                                                               kLeased,
                                                               ports(1305, 8),
                                                               kAny,
                                                               any(1),
                                                               seconds(1800),
                                                               TunnelType::kIpIp,
                                                               nullopt,
                                                               {}}},
    {"assign_response_rsap_ip_endpoint",
     AssignResponseRsapIp{client(5), bind(1), kLeased, ports(2049), kFtpServer, any(1),
                          seconds(600), TunnelType::kL2tp, ipv6({0x20, 0x01, 0x0D, 0xB8}, 1),
                          counter(2)}},
    {"assign_request_rsipsec", AssignRequestRsipsec{client(1),
                                                    kAny,
                                                    Ports::dont_need(),
                                                    kAny,
                                                    Ports::dont_need(),
                                                    Spis::dont_care(8),
                                                    seconds(1800),
                                                    nullopt,
                                                    {}}},
    {"assign_request_rsipsec_minimal", AssignRequestRsipsec{client(1),
                                                            kAny,
                                                            Ports::dont_need(),
                                                            kAny,
                                                            Ports::dont_need(),
                                                            Spis::dont_care(256),
                                                            nullopt,
                                                            nullopt,
                                                            {}}},
    {"assign_request_rsipsec_range",
     AssignRequestRsipsec{client(1), kLeased, ports(5000, 2), kFtpServer, any(1),
                          Spis::contiguous(4096, 4), seconds(1800), TunnelType::kIpIp, counter(5)}},
    {"assign_request_rsipsec_listed",
     AssignRequestRsipsec{client(1),
                          kAny,
                          Ports::dont_need(),
                          kAny,
                          Ports::dont_need(),
                          {Form::kListed, 3, {4096, 0x89ABCDEF, 0xFFFFFFFF}},
                          nullopt,
                          nullopt,
                          {}}},
    {"assign_response_rsipsec", AssignResponseRsipsec{client(1),
                                                      bind(3),
                                                      kLeased,
                                                      Ports::dont_need(),
                                                      kAny,
                                                      Ports::dont_need(),
                                                      Spis::contiguous(4096, 8),
                                                      seconds(1800),
                                                      TunnelType::kIpIp,
                                                      nullopt,
                                                      {}}},
    {"assign_response_rsipsec_endpoint", AssignResponseRsipsec{client(1),
                                                               bind(4),
                                                               kLeased,
                                                               ports(5000, 4),
                                                               kFtpServer,
                                                               any(1),
                                                               {Form::kListed, 2, {4096, 8192}},
                                                               seconds(1800),
                                                               TunnelType::kGre,
                                                               kEndpoint,
                                                               counter(6)}},
};

const std::map<std::string, Message> kTheRest = {
    {"extend_request", ExtendRequest{client(1), bind(2), seconds(1800), {}}},
    {"extend_request_counter", ExtendRequest{client(1), bind(2), nullopt, counter(0xFFFFFFFF)}},
    {"extend_response", ExtendResponse{client(1), bind(2), seconds(1800), {}}},
    {"free_request", FreeRequest{client(1), bind(1), {}}},
    {"free_request_vendor_between",
     FreeRequest{client(1), bind(1), {nullopt, {{32473, 2, {}}}, {}}}},
    {"free_response", FreeResponse{client(1), bind(1), {}}},
    {"free_response_unasked", FreeResponse{client(1), bind(2), counter(0)}},
    {"query_request", QueryRequest{client(1), {}, {network(0x0A143C00, 0xFFFFFF00)}, {}}},
    {"query_request_short_indicator", QueryRequest{client(1), {tuple(kPrinter)}, {}, {}}},
    {"query_request_everything", QueryRequest{client(1), {}, {}, counter(3)}},
    {"query_request_mixed", QueryRequest{client(1),
                                         {tuple(kPrinter), tuple(Fqdn{"printer.local"})},
                                         {network(0x0A000000, 0xFF000000)},
                                         counter(4)}},
    {"query_request_ipv6_network",
     QueryRequest{
         client(1), {}, {{ipv6({0x20, 0x01, 0x0D, 0xB8}), ipv6({0xFF, 0xFF, 0xFF, 0xFF})}}, {}}},
    {"query_response", QueryResponse{client(1), {}, {network(0x0A143C00, 0xFFFFFF00)}, {}, {}, {}}},
    {"query_response_nothing", QueryResponse{client(1), {}, {}, {}, {}, {}}},
    {"query_response_all_kinds", QueryResponse{client(1),
                                               {tuple(kPrinter)},
                                               {network(0x0A000000, 0xFF000000)},
                                               {tuple(kFtpServer)},
                                               {network(0, 0)},
                                               counter(4)}},
    {"listen_request",
     ListenRequest{client(5), kLeased, ports(2050), kFtpServer, ports(20), nullopt, {}, {}}},
    {"listen_request_tunnels", ListenRequest{client(5),
                                             kAny,
                                             ports(80, 2),
                                             kAny,
                                             any(1),
                                             seconds(600),
                                             {TunnelType::kGre, TunnelType::kIpIp},
                                             counter(9)}},
    {"listen_response", ListenResponse{client(5),
                                       bind(2),
                                       kLeased,
                                       ports(2050),
                                       kFtpServer,
                                       ports(20),
                                       TunnelType::kIpIp,
                                       seconds(600),
                                       nullopt,
                                       {}}},
    {"listen_response_lease_first", ListenResponse{client(5),
                                                   bind(2),
                                                   kLeased,
                                                   ports(2050),
                                                   kAny,
                                                   any(1),
                                                   TunnelType::kGre,
                                                   seconds(600),
                                                   nullopt,
                                                   {}}},
    {"listen_response_endpoint",
     ListenResponse{client(5), bind(3), kLeased, ports(80, 2), kAny, any(1), TunnelType::kGre,
                    seconds(600), Fqdn{"tun.example.ne"}, counter(9)}},
};

std::map<std::string, Message> all() {
  std::map<std::string, Message> messages = kRegistration;
  messages.insert(kAssignments.begin(), kAssignments.end());
  messages.insert(kTheRest.begin(), kTheRest.end());
  return messages;
}

}  // namespace

const std::map<std::string, Message>& expected_messages() {
  static const std::map<std::string, Message> messages = all();
  return messages;
}

}  // namespace rsip::msg
