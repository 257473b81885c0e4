#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/result.h"
#include "common/ipc/status.h"

/// The agent's socket speaks JSON-RPC 2.0, one message a line. The agent opens with a hello
/// notification that names its contract version; a client refuses one it does not know.
namespace rsip::ipc {

/// Rises when a client of the version before could not understand the agent any more.
inline constexpr int kContractVersion = 1;
/// A longer line is not read to its end: it cannot be a request or reply of ours.
inline constexpr std::size_t kMaxLineBytes = 1 << 20;

/// JSON-RPC 2.0 section 5.1.
enum class RpcError : int {
  kParseError = -32700,
  kInvalidRequest = -32600,
  kMethodNotFound = -32601,
};

struct Request {
  std::int64_t id = 0;
  std::string method;
  bool operator==(const Request&) const = default;
};

// Agent side. Lines are without their newline.
std::string encode_hello(std::string_view agent_version);
Result<Request, RpcError> parse_request(std::string_view line);
std::string encode_reply(std::int64_t id, const Status& status);
/// id   of the request that failed; 0 if it could not be read
std::string encode_refusal(std::int64_t id, RpcError error);

// Client side.
std::string encode_request(const Request& request);
/// errors   kProtocol if this is no hello, or of another contract version
Result<void> parse_hello(std::string_view line);
/// errors   kProtocol naming what is wrong with the line, or what the agent refused
Result<Status> parse_status_reply(std::string_view line);

/// The `--json` envelope of rsipctl: {"schema":"rsip.status/1","time":...,"agent":...,"data":...}.
///
/// time   ISO 8601, UTC
std::string status_document(const Status& status, std::string_view time);

/// Same for a failure: {"schema":"rsip.error/1","time":...,"error":{...}}.
std::string error_document(const Error& error, std::string_view time);

}  // namespace rsip::ipc
