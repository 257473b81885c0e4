#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/result.h"
#include "common/ipc/requests.h"

/// The agent's socket speaks JSON-RPC 2.0, one message a line. The agent opens with a hello
/// notification that names its contract version; a client refuses one it does not know.
namespace rsip::ipc {

/// Rises when a client of the version before could not understand the agent any more.
inline constexpr int kContractVersion = 4;
/// A longer line is not read to its end: it cannot be a request or reply of ours.
inline constexpr std::size_t kMaxLineBytes = 1 << 20;

/// JSON-RPC 2.0 section 5.1.
enum class RpcError : int {
  kParseError = -32700,
  kInvalidRequest = -32600,
  kMethodNotFound = -32601,
  kInvalidParams = -32602,
  kFailed = -32000,  ///< Understood, but it could not be done: data says why.
};

struct Request {
  std::int64_t id = 0;
  Call call;
};
/// Why a line is no request.
struct Refusal {
  std::int64_t id = 0;  ///< 0 if it could not be read.
  RpcError error = RpcError::kParseError;
  std::string detail;  ///< Of kInvalidParams: which one.
};

// Agent side. Lines are without their newline.
std::string encode_hello(std::string_view agent_version);
Result<Request, Refusal> parse_request(std::string_view line);
std::string encode_answer(std::int64_t id, const Answer& answer);
std::string encode_failure(std::int64_t id, const Error& error);
std::string encode_refusal(const Refusal& refusal);
/// The notification "event" of a subscription.
std::string encode_event(const Event& event);

// Client side.
std::string encode_request(std::int64_t id, const Call& call);
/// returns  the agent's version
/// errors   kProtocol if this is no hello, or of another contract version
Result<std::string> parse_hello(std::string_view line);
/// What the agent answered to a Request struct of requests.h.
///
/// errors   what the agent says; kProtocol naming what is wrong with the line
template <class Reply>
Result<Reply> parse_answer(std::string_view line);

/// What a line of a subscription tells.
///
/// returns   nothing for a kind of event that this program does not know
/// errors    kProtocol if it is no event
Result<std::optional<Event>> parse_event(std::string_view line);

}  // namespace rsip::ipc
