#include "common/ipc/protocol.h"

#include <boost/json.hpp>
#include <boost/mp11/algorithm.hpp>

#include "common/ipc/event_json.h"

namespace rsip::ipc {
namespace {

namespace json = boost::json;

constexpr const char* kVersion = "2.0";

const char* describe(RpcError error) {
  switch (error) {
    case RpcError::kParseError:
      return "this line is not JSON";
    case RpcError::kInvalidRequest:
      return "this is not a JSON-RPC 2.0 request";
    case RpcError::kMethodNotFound:
      return "the agent has no such method";
    case RpcError::kInvalidParams:
      return "a parameter is wrong";
    case RpcError::kFailed:
      return "it could not be done";
  }
  return "?";
}

/// The line as an object; empty if it is something else. Bounded in depth by the parser.
json::object parse_object(std::string_view line) {
  boost::system::error_code malformed;
  json::value value = json::parse(line, malformed);
  return !malformed && value.is_object() ? std::move(value.get_object()) : json::object();
}

tl::unexpected<Error> not_understood(std::string what) {
  return fail(ErrorKind::kProtocol, "cannot understand the agent: " + std::move(what),
              "check that rsipctl and rsipd are of the same release");
}

/// Parameters that are absent keep their defaults; unknown ones are a mistake.
template <class Params>
Result<Call, std::string> read_params(const json::value* given) {
  json::value all = json::value_from(Params{});
  json::object& params = all.get_object();
  if (given != nullptr && !given->is_object()) return tl::unexpected(std::string("params"));
  for (const auto& [key, value] : given != nullptr ? given->get_object() : json::object()) {
    if (!params.contains(key)) return tl::unexpected(std::string(key));
    params[key] = value;
    if (!json::try_value_to<Params>(all)) return tl::unexpected(std::string(key));
  }
  return json::value_to<Params>(all);
}

/// Nothing if there is no such method.
std::optional<Result<Call, std::string>> read_call(std::string_view method,
                                                   const json::value* params) {
  std::optional<Result<Call, std::string>> call;
  boost::mp11::mp_for_each<boost::mp11::mp_rename<Call, boost::mp11::mp_list>>([&](auto blank) {
    using Params = decltype(blank);
    if (method == Params::kMethod) call = read_params<Params>(params);
  });
  return call;
}

/// Nothing if there is no such event.
std::optional<Result<EventBody, std::monostate>> read_event(std::string_view type,
                                                            const json::value& data) {
  std::optional<Result<EventBody, std::monostate>> read;
  boost::mp11::mp_for_each<boost::mp11::mp_rename<EventBody, boost::mp11::mp_list>>(
      [&](auto blank) {
        using Body = decltype(blank);
        if (type != Body::kName) return;
        if (auto body = json::try_value_to<Body>(data)) {
          read = EventBody(std::move(*body));
        } else {
          read = tl::unexpected(std::monostate{});
        }
      });
  return read;
}

json::object envelope(std::int64_t id) {
  return {{"jsonrpc", kVersion}, {"id", id}};
}

std::string refusal(std::int64_t id, RpcError error, std::string_view words, json::value data) {
  json::object reply = envelope(id);
  json::object& body = reply["error"].emplace_object();
  body["code"] = static_cast<int>(error);
  body["message"] = words;
  if (!data.is_null()) body["data"] = std::move(data);
  return json::serialize(reply);
}

/// The error that an agent describes by these members; nothing if they describe none.
std::optional<Error> failure_in(const json::object& error) {
  const json::value* const data = error.if_contains("data");
  if (data == nullptr) return std::nullopt;
  const auto problem = json::try_value_to<ProblemStatus>(*data);
  if (!problem) return std::nullopt;
  return Error{error_kind(problem->code), problem->message, problem->hint};
}

}  // namespace

std::string encode_hello(std::string_view agent_version) {
  return json::serialize(
      json::object{{"jsonrpc", kVersion},
                   {"method", "hello"},
                   {"params", {{"contract", kContractVersion}, {"agent", agent_version}}}});
}

Result<Request, Refusal> parse_request(std::string_view line) {
  boost::system::error_code malformed;
  const json::value value = json::parse(line, malformed);
  if (malformed) return tl::unexpected(Refusal{0, RpcError::kParseError, {}});
  const json::object* const object = value.if_object();
  const json::value* const id = object != nullptr ? object->if_contains("id") : nullptr;
  const json::value* const method = object != nullptr ? object->if_contains("method") : nullptr;
  if (id == nullptr || !id->is_int64() || method == nullptr || !method->is_string()) {
    return tl::unexpected(Refusal{0, RpcError::kInvalidRequest, {}});
  }
  auto call = read_call(method->get_string(), object->if_contains("params"));
  if (!call) return tl::unexpected(Refusal{id->get_int64(), RpcError::kMethodNotFound, {}});
  if (!*call) {
    return tl::unexpected(Refusal{id->get_int64(), RpcError::kInvalidParams, call->error()});
  }
  return Request{id->get_int64(), std::move(**call)};
}

std::string encode_answer(std::int64_t id, const Answer& answer) {
  json::object reply = envelope(id);
  reply["result"] = std::visit([](const auto& a) { return json::value_from(a); }, answer);
  return json::serialize(reply);
}

std::string encode_failure(std::int64_t id, const Error& error) {
  return refusal(id, RpcError::kFailed, error.message, json::value_from(problem_of(error)));
}

std::string encode_refusal(const Refusal& why) {
  const std::string words =
      describe(why.error) + (why.detail.empty() ? std::string() : ": " + why.detail);
  return refusal(why.id, why.error, words, nullptr);
}

std::string encode_event(const Event& event) {
  return json::serialize(
      json::object{{"jsonrpc", kVersion}, {"method", "event"}, {"params", event_object(event)}});
}

std::string encode_request(std::int64_t id, const Call& call) {
  json::object request = envelope(id);
  std::visit(
      [&](const auto& params) {
        request["method"] = params.kMethod;
        request["params"] = json::value_from(params);
      },
      call);
  return json::serialize(request);
}

Result<std::string> parse_hello(std::string_view line) {
  const json::object hello = parse_object(line);
  const json::value* const params = hello.if_contains("params");
  const json::value* const contract = params != nullptr && params->is_object()
                                          ? params->get_object().if_contains("contract")
                                          : nullptr;
  if (contract == nullptr || !contract->is_int64()) return not_understood("it sends no hello");
  if (contract->get_int64() != kContractVersion) {
    return not_understood("it speaks contract version " + std::to_string(contract->get_int64()) +
                          ", this program version " + std::to_string(kContractVersion));
  }
  const json::value* const agent = params->get_object().if_contains("agent");
  return agent != nullptr && agent->is_string() ? std::string(agent->get_string()) : std::string();
}

template <class Reply>
Result<Reply> parse_answer(std::string_view line) {
  const json::object reply = parse_object(line);
  if (const json::value* const result = reply.if_contains("result")) {
    auto read = json::try_value_to<Reply>(*result);
    if (read) return std::move(*read);
    return not_understood("its answer has other members than expected");
  }
  const json::value* const error = reply.if_contains("error");
  if (error == nullptr || !error->is_object()) {
    return not_understood("it sends something that is no reply");
  }
  if (auto failure = failure_in(error->get_object())) return tl::unexpected(std::move(*failure));
  return not_understood("it answers " + json::serialize(*error));
}

template Result<Status> parse_answer<Status>(std::string_view);
template Result<Snapshot> parse_answer<Snapshot>(std::string_view);
template Result<Done> parse_answer<Done>(std::string_view);
template Result<ListenStatus> parse_answer<ListenStatus>(std::string_view);
template Result<QueryAnswer> parse_answer<QueryAnswer>(std::string_view);
template Result<IpsecStatus> parse_answer<IpsecStatus>(std::string_view);
template Result<Flows> parse_answer<Flows>(std::string_view);
template Result<Ports> parse_answer<Ports>(std::string_view);
template Result<Discovered> parse_answer<Discovered>(std::string_view);
template Result<RouteVerdict> parse_answer<RouteVerdict>(std::string_view);
template Result<Usage> parse_answer<Usage>(std::string_view);
template Result<Log> parse_answer<Log>(std::string_view);
template Result<ConfigText> parse_answer<ConfigText>(std::string_view);

Result<std::optional<Event>> parse_event(std::string_view line) {
  const json::object message = parse_object(line);
  const json::value* const params = message.if_contains("params");
  const json::object* const given = params != nullptr ? params->if_object() : nullptr;
  const json::value* const method = message.if_contains("method");
  if (given == nullptr || method == nullptr || *method != "event") {
    return not_understood("it sends something that is no event");
  }
  const json::value* const seq = given->if_contains("seq");
  const json::value* const time = given->if_contains("time");
  const json::value* const type = given->if_contains("type");
  const json::value* const data = given->if_contains("data");
  const auto number = seq != nullptr ? json::try_value_to<std::uint64_t>(*seq)
                                     : boost::system::error_code(json::error::not_number);
  const bool whole = number && time != nullptr && time->is_string() && type != nullptr &&
                     type->is_string() && data != nullptr;
  if (!whole) return not_understood("it sends an event without seq, time, type or data");
  auto body = read_event(type->get_string(), *data);
  if (!body) return std::optional<Event>();
  if (!*body) return not_understood("its event has other members than expected");
  return Event{*number, std::string(time->get_string()), std::move(**body)};
}

}  // namespace rsip::ipc
