#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "common/base/ipv4.h"

/// Service Location Protocol, version 2 (RFC 2608), as far as RFC 3105 needs it.
namespace rsip::slp {

inline constexpr std::uint16_t kPort = 427;
inline constexpr Ipv4Address kMulticastGroup{0xEFFFFFFD};  ///< 239.255.255.253
/// Largest datagram that is sent; what does not fit is marked as overflow (section 7).
inline constexpr std::size_t kMaxDatagramBytes = 1400;
/// Largest message that is taken over TCP.
inline constexpr std::size_t kMaxMessageBytes = 65535;

/// Function-ID (section 8).
enum class Function : std::uint8_t {
  kServiceRequest = 1,
  kServiceReply = 2,
  kServiceRegistration = 3,
  kServiceDeregistration = 4,
  kServiceAcknowledge = 5,
  kAttributeRequest = 6,
  kAttributeReply = 7,
  kDirectoryAdvert = 8,
  kServiceTypeRequest = 9,
  kServiceTypeReply = 10,
  kServiceAgentAdvert = 11,
};

/// Error codes (section 7).
enum class ErrorCode : std::uint16_t {
  kNone = 0,
  kLanguageNotSupported = 1,
  kParseError = 2,
  kInvalidRegistration = 3,
  kScopeNotSupported = 4,
  kAuthenticationUnknown = 5,
  kAuthenticationAbsent = 6,
  kAuthenticationFailed = 7,
  kVersionNotSupported = 9,
  kInternalError = 10,
  kBusyNow = 11,
  kOptionNotUnderstood = 12,
  kInvalidUpdate = 13,
  kMessageNotSupported = 14,
  kRefreshRejected = 15,
};

/// What all messages begin with (section 8).
struct Header {
  bool overflow = false;
  bool fresh = false;
  bool multicast = false;
  std::uint16_t xid = 0;
  std::string language = "en";
  bool operator==(const Header&) const = default;
};

/// Section 4.3. Authentication blocks are skipped when read and never written.
struct UrlEntry {
  std::uint16_t lifetime_s = 0;
  std::string url;
  bool operator==(const UrlEntry&) const = default;
};

// Texts below are as on the wire: lists with commas, reserved characters escaped. text.h,
// attributes.h and predicate.h understand them.

struct ServiceRequest {  ///< Section 8.1
  static constexpr Function kFunction = Function::kServiceRequest;
  std::string previous_responders;
  std::string service_type;
  std::string scopes;
  std::string predicate;
  std::string spi;
  bool operator==(const ServiceRequest&) const = default;
};

struct ServiceReply {  ///< Section 8.2
  static constexpr Function kFunction = Function::kServiceReply;
  ErrorCode error = ErrorCode::kNone;
  std::vector<UrlEntry> entries;
  bool operator==(const ServiceReply&) const = default;
};

struct ServiceRegistration {  ///< Section 8.3
  static constexpr Function kFunction = Function::kServiceRegistration;
  UrlEntry entry;
  std::string service_type;
  std::string scopes;
  std::string attributes;
  bool operator==(const ServiceRegistration&) const = default;
};

struct ServiceDeregistration {  ///< Section 10.6
  static constexpr Function kFunction = Function::kServiceDeregistration;
  std::string scopes;
  UrlEntry entry;
  std::string tags;
  bool operator==(const ServiceDeregistration&) const = default;
};

struct ServiceAcknowledge {  ///< Section 8.4
  static constexpr Function kFunction = Function::kServiceAcknowledge;
  ErrorCode error = ErrorCode::kNone;
  bool operator==(const ServiceAcknowledge&) const = default;
};

struct AttributeRequest {  ///< Section 10.3
  static constexpr Function kFunction = Function::kAttributeRequest;
  std::string previous_responders;
  std::string url;  ///< Or a service type, for all services of that type.
  std::string scopes;
  std::string tags;
  std::string spi;
  bool operator==(const AttributeRequest&) const = default;
};

struct AttributeReply {  ///< Section 10.4
  static constexpr Function kFunction = Function::kAttributeReply;
  ErrorCode error = ErrorCode::kNone;
  std::string attributes;
  bool operator==(const AttributeReply&) const = default;
};

struct DirectoryAdvert {  ///< Section 8.5
  static constexpr Function kFunction = Function::kDirectoryAdvert;
  ErrorCode error = ErrorCode::kNone;
  std::uint32_t boot_timestamp_s = 0;  ///< 0: the directory agent goes down.
  std::string url;
  std::string scopes;
  std::string attributes;
  std::string spi;
  bool operator==(const DirectoryAdvert&) const = default;
};

struct ServiceTypeRequest {  ///< Section 10.1
  static constexpr Function kFunction = Function::kServiceTypeRequest;
  std::string previous_responders;
  bool any_authority = true;  ///< Length 0xFFFF on the wire; the text is empty then.
  std::string naming_authority;
  std::string scopes;
  bool operator==(const ServiceTypeRequest&) const = default;
};

struct ServiceTypeReply {  ///< Section 10.2
  static constexpr Function kFunction = Function::kServiceTypeReply;
  ErrorCode error = ErrorCode::kNone;
  std::string types;
  bool operator==(const ServiceTypeReply&) const = default;
};

struct ServiceAgentAdvert {  ///< Section 8.6
  static constexpr Function kFunction = Function::kServiceAgentAdvert;
  std::string url;
  std::string scopes;
  std::string attributes;
  bool operator==(const ServiceAgentAdvert&) const = default;
};

using Body = std::variant<ServiceRequest, ServiceReply, ServiceRegistration, ServiceDeregistration,
                          ServiceAcknowledge, AttributeRequest, AttributeReply, DirectoryAdvert,
                          ServiceTypeRequest, ServiceTypeReply, ServiceAgentAdvert>;

struct Message {
  Header header;
  Body body;
  bool operator==(const Message&) const = default;
};

}  // namespace rsip::slp
