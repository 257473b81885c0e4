#include "common/ipc/protocol.h"

#include <boost/json.hpp>

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
  }
  return "?";
}

/// The line as an object; nullptr if it is something else. Bounded in depth by the parser.
json::object parse_object(std::string_view line) {
  boost::system::error_code malformed;
  json::value value = json::parse(line, malformed);
  return !malformed && value.is_object() ? std::move(value.get_object()) : json::object();
}

tl::unexpected<Error> not_understood(std::string what) {
  return fail(ErrorKind::kProtocol, "cannot understand the agent: " + std::move(what),
              "check that rsipctl and rsipd are of the same release");
}

}  // namespace

std::string encode_hello(std::string_view agent_version) {
  return json::serialize(
      json::object{{"jsonrpc", kVersion},
                   {"method", "hello"},
                   {"params", {{"contract", kContractVersion}, {"agent", agent_version}}}});
}

Result<Request, RpcError> parse_request(std::string_view line) {
  boost::system::error_code malformed;
  const json::value value = json::parse(line, malformed);
  if (malformed) return tl::unexpected(RpcError::kParseError);
  const json::object* const object = value.if_object();
  const json::value* const id = object != nullptr ? object->if_contains("id") : nullptr;
  const json::value* const method = object != nullptr ? object->if_contains("method") : nullptr;
  if (id == nullptr || !id->is_int64() || method == nullptr || !method->is_string()) {
    return tl::unexpected(RpcError::kInvalidRequest);
  }
  return Request{id->get_int64(), std::string(method->get_string())};
}

std::string encode_reply(std::int64_t id, const Status& status) {
  return json::serialize(
      json::object{{"jsonrpc", kVersion}, {"id", id}, {"result", json::value_from(status)}});
}

std::string encode_refusal(std::int64_t id, RpcError error) {
  return json::serialize(
      json::object{{"jsonrpc", kVersion},
                   {"id", id},
                   {"error", {{"code", static_cast<int>(error)}, {"message", describe(error)}}}});
}

std::string encode_request(const Request& request) {
  return json::serialize(
      json::object{{"jsonrpc", kVersion}, {"id", request.id}, {"method", request.method}});
}

Result<void> parse_hello(std::string_view line) {
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
  return {};
}

Result<Status> parse_status_reply(std::string_view line) {
  const json::object reply = parse_object(line);
  if (const json::value* const result = reply.if_contains("result")) {
    auto status = json::try_value_to<Status>(*result);
    if (status) return std::move(*status);
    return not_understood("its status has other members than expected");
  }
  if (const json::value* const error = reply.if_contains("error")) {
    return not_understood("it answers " + json::serialize(*error));
  }
  return not_understood("it sends something that is no reply");
}

std::string status_document(const Status& status, std::string_view time) {
  return json::serialize(json::object{{"schema", "rsip.status/1"},
                                      {"time", time},
                                      {"agent", status.agent},
                                      {"data", json::value_from(status)}});
}

std::string error_document(const Error& error, std::string_view time) {
  return json::serialize(json::object{{"schema", "rsip.error/1"},
                                      {"time", time},
                                      {"error",
                                       {{"code", to_string(error.kind)},
                                        {"exit", exit_code(error.kind)},
                                        {"message", error.message},
                                        {"hint", error.hint}}}});
}

}  // namespace rsip::ipc
