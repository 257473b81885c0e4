#include "tests/gateway/slp/advertisement.h"

#include <algorithm>

#include "common/slp/predicate.h"
#include "common/slp/text.h"

namespace rsip::gateway {
namespace {

using slp::ErrorCode;

/// The reply that says no to a request; none for what is no request.
std::optional<slp::Body> refusal(slp::Function function, ErrorCode code) {
  switch (function) {
    case slp::Function::kServiceRequest:
      return slp::ServiceReply{code, {}};
    case slp::Function::kAttributeRequest:
      return slp::AttributeReply{code, {}};
    case slp::Function::kServiceTypeRequest:
      return slp::ServiceTypeReply{code, {}};
    case slp::Function::kServiceRegistration:
    case slp::Function::kServiceDeregistration:
      return slp::ServiceAcknowledge{code};
    default:
      return std::nullopt;
  }
}

/// Whether a reply is worth a multicast requester's time: neither an error nor empty.
struct SaysSomething {
  bool operator()(const slp::ServiceReply& r) const {
    return r.error == ErrorCode::kNone && !r.entries.empty();
  }
  bool operator()(const slp::AttributeReply& r) const {
    return r.error == ErrorCode::kNone && !r.attributes.empty();
  }
  bool operator()(const slp::ServiceTypeReply& r) const {
    return r.error == ErrorCode::kNone && !r.types.empty();
  }
  bool operator()(const slp::ServiceAgentAdvert& /*advert*/) const { return true; }
  template <class Other>
  bool operator()(const Other& /*body*/) const {
    return false;
  }
};

/// Takes the last thing off a reply that is too long for a datagram; false if nothing is left.
bool shorten(slp::Body& body) {
  if (auto* reply = std::get_if<slp::ServiceReply>(&body); reply && !reply->entries.empty()) {
    reply->entries.pop_back();
    return true;
  }
  std::string* text = nullptr;
  if (auto* reply = std::get_if<slp::AttributeReply>(&body)) text = &reply->attributes;
  if (auto* advert = std::get_if<slp::ServiceAgentAdvert>(&body)) text = &advert->attributes;
  if (text == nullptr || text->empty()) return false;
  auto list = slp::AttributeList::parse(*text).value_or(slp::AttributeList()).all();
  if (!list.empty()) list.pop_back();
  *text = slp::AttributeList(std::move(list)).print();
  return true;
}

std::optional<std::vector<std::uint8_t>> encode_within(slp::Message message, std::size_t limit) {
  auto bytes = slp::encode(message);
  while (!bytes || bytes->size() > limit) {
    message.header.overflow = true;
    if (!shorten(message.body)) break;
    bytes = slp::encode(message);
  }
  if (!bytes) return std::nullopt;
  return std::move(*bytes);
}

std::vector<std::string> escaped(const std::vector<std::string>& texts) {
  std::vector<std::string> out;
  for (const std::string& text : texts) out.push_back(slp::escape(text));
  return out;
}

void add_boolean(std::vector<slp::Attribute>& list, const char* tag, std::optional<bool> value) {
  if (value) list.push_back({tag, {*value ? "true" : "false"}});
}

}  // namespace

Advertisement::Advertisement(SlpAgentSettings settings)
    : settings_(std::move(settings)),
      scopes_(slp::join_list(escaped(settings_.scopes))),
      url_{std::string(slp::kRsipService), settings_.service_address.to_string(),
           settings_.service_port} {}

void Advertisement::set_load(int load) {
  load_ = std::clamp(load, 0, 100);
}

slp::AttributeList Advertisement::attributes() const {
  std::vector<slp::Attribute> list;
  if (!settings_.tunnel_types.empty()) list.push_back({"tunnel-type", settings_.tunnel_types});
  if (!settings_.transports.empty()) list.push_back({"transport", settings_.transports});
  add_boolean(list, "ipsec-support", settings_.ipsec_support);
  add_boolean(list, "ike-support", settings_.ike_support);
  if (load_) list.push_back({"load", {std::to_string(*load_)}});
  return slp::AttributeList(std::move(list));
}

std::optional<std::vector<std::uint8_t>> Advertisement::answer(std::span<const std::uint8_t> bytes,
                                                               Heard heard) const {
  const auto request = slp::decode(bytes);
  const slp::Header& header = request ? request->header : request.error().header;
  Reply body;
  if (request) body = reply(request->body);
  if (!request && request.error().function) {
    body = refusal(*request.error().function, request.error().code);
  }
  const bool multicast = heard == Heard::kMulticast || header.multicast;
  if (!body || (multicast && !std::visit(SaysSomething(), *body))) return std::nullopt;
  // The language is that of the request (RFC 2608 section 8): all our texts are literal.
  slp::Message message{{}, std::move(*body)};
  message.header.xid = header.xid;
  message.header.language = header.language;
  return encode_within(std::move(message),
                       heard == Heard::kStream ? slp::kMaxMessageBytes : settings_.max_datagram);
}

Advertisement::Reply Advertisement::reply(const slp::Body& request) const {
  return std::visit(
      [this](const auto& body) -> Reply {
        if constexpr (requires { this->reply_to(body); }) return this->reply_to(body);
        return std::nullopt;
      },
      request);
}

Advertisement::Reply Advertisement::reply_to(const slp::ServiceRequest& request) const {
  if (has_answered(request.previous_responders)) return std::nullopt;
  if (slp::same_text(request.service_type, slp::kServiceAgentService)) {
    return describe_agent(request);
  }
  // Only directory agents answer to that.
  if (slp::same_text(request.service_type, slp::kDirectoryAgentService)) return std::nullopt;
  bool found = false;
  slp::ServiceReply reply{find_service(request, found), {}};
  if (found) reply.entries.push_back({settings_.lifetime_s, url_.print()});
  return reply;
}

ErrorCode Advertisement::find_service(const slp::ServiceRequest& request, bool& found) const {
  if (!request.spi.empty()) return ErrorCode::kAuthenticationUnknown;
  if (!slp::scopes_meet(request.scopes, scopes_)) return ErrorCode::kScopeNotSupported;
  const auto predicate = slp::Predicate::parse(request.predicate);
  if (!predicate) return ErrorCode::kParseError;
  found =
      slp::same_text(request.service_type, slp::kRsipService) && predicate->matches(attributes());
  return ErrorCode::kNone;
}

// Section 8.6; scopes need not be named to find out which there are.
Advertisement::Reply Advertisement::describe_agent(const slp::ServiceRequest& request) const {
  const slp::AttributeList own({{"service-type", {std::string(slp::kRsipService)}}});
  const auto predicate = slp::Predicate::parse(request.predicate);
  const bool scope_fits = request.scopes.empty() || slp::scopes_meet(request.scopes, scopes_);
  if (!scope_fits || !predicate || !predicate->matches(own)) return std::nullopt;
  const std::string url =
      std::string(slp::kServiceAgentService) + "://" + settings_.address.to_string();
  return slp::ServiceAgentAdvert{url, scopes_, own.print()};
}

Advertisement::Reply Advertisement::reply_to(const slp::AttributeRequest& request) const {
  if (has_answered(request.previous_responders)) return std::nullopt;
  slp::AttributeReply reply;
  if (!request.spi.empty()) {
    reply.error = ErrorCode::kAuthenticationUnknown;
  } else if (!slp::scopes_meet(request.scopes, scopes_)) {
    reply.error = ErrorCode::kScopeNotSupported;
  } else if (is_ours(request.url)) {
    reply.attributes = attributes().select(request.tags).print();
  }
  return reply;
}

Advertisement::Reply Advertisement::reply_to(const slp::ServiceTypeRequest& request) const {
  if (has_answered(request.previous_responders)) return std::nullopt;
  slp::ServiceTypeReply reply;
  if (!slp::scopes_meet(request.scopes, scopes_)) {
    reply.error = ErrorCode::kScopeNotSupported;
  } else if (request.any_authority || request.naming_authority.empty()) {
    reply.types = slp::kRsipService;
  }
  return reply;
}

// Registering is a directory agent's business.
Advertisement::Reply Advertisement::reply_to(const slp::ServiceRegistration& /*request*/) const {
  return slp::ServiceAcknowledge{ErrorCode::kMessageNotSupported};
}

Advertisement::Reply Advertisement::reply_to(const slp::ServiceDeregistration& /*request*/) const {
  return slp::ServiceAcknowledge{ErrorCode::kMessageNotSupported};
}

bool Advertisement::is_ours(const std::string& url_or_type) const {
  if (slp::same_text(url_or_type, slp::kRsipService)) return true;
  const auto url = slp::ServiceUrl::parse(url_or_type);
  return url && *url == url_;
}

bool Advertisement::has_answered(const std::string& responders) const {
  const std::string own = settings_.address.to_string();
  const auto list = slp::split_list(responders);
  return std::find(list.begin(), list.end(), own) != list.end();
}

slp::ServiceRegistration Advertisement::registration() const {
  return {{settings_.lifetime_s, url_.print()},
          std::string(slp::kRsipService),
          scopes_,
          attributes().print()};
}

slp::ServiceDeregistration Advertisement::deregistration() const {
  return {scopes_, {0, url_.print()}, ""};
}

}  // namespace rsip::gateway
