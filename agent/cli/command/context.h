#pragma once

#include <chrono>
#include <ctime>
#include <iosfwd>
#include <string>

#include "agent/cli/agent_client.h"
#include "common/ipc/documents.h"

namespace rsip::cli {

/// What a command works with.
struct Context {
  std::ostream& out;
  std::istream& in;
  std::ostream& err;  ///< For what is neither answer nor failure: a warning.
  std::string socket = "/run/rsip/agent.sock";
  std::chrono::milliseconds patience{25000};  ///< Some answers are the gateway's.
  bool json = false;
  bool quiet = false;
  bool colour = false;
  bool may_prompt = false;      ///< A person is there to answer.
  mutable std::string agent{};  ///< Version of the one that answered last.
};

/// Asks the running agent, as ask() of agent_client.h.
template <class Request>
Result<typename Request::Reply> ask(const Context& context, const Request& request) {
  return ask(context.socket, context.patience, request, &context.agent);
}

/// Prints an answer as text or, if it is asked for, as JSON.
///
/// returns   0
int print(const Context& context, const ipc::Documents& answer, const std::string& text);
/// Prints text for a person, if one wants to read it.
int say(const Context& context, const std::string& text);

/// Asks, and prints the answer as text(answer) or as JSON.
template <class Request, class Text>
Result<int> print_answer(const Context& context, const Request& request, const Text& text) {
  return ask(context, request).map([&](const auto& answer) {
    return print(context, answer, text(answer));
  });
}

enum class Colour { kRed, kYellow, kGreen };
/// The text in that colour, if the context has any.
std::string coloured(const Context& context, Colour colour, const std::string& text);

}  // namespace rsip::cli
