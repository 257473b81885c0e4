#include <concepts>
#include <cstdint>
#include <optional>
#include <set>

#include "common/ipc/describe.h"
#include "common/ipc/documents.h"
#include "common/ipc/permissions.h"
#include "common/ipc/protocol.h"
#include "common/ipc/schema.h"

namespace rsip::ipc {
namespace {

/// man(7) takes a backslash for its own, and a dot or quote at a line's start for a request.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '\\' ? std::string("\\e") : std::string(1, c);
  return out.empty() || (out[0] != '.' && out[0] != '\'') ? out : "\\&" + out;
}

template <class Type>
struct TypeName {
  static std::string text() { return std::string(name_of<Type>()); }
};
template <>
struct TypeName<bool> {
  static std::string text() { return "boolean"; }
};
template <std::integral Number>
struct TypeName<Number> {
  static std::string text() { return "integer"; }
};
template <>
struct TypeName<std::string> {
  static std::string text() { return "string"; }
};
template <class Item>
struct TypeName<std::vector<Item>> {
  static std::string text() { return "array of " + TypeName<Item>::text(); }
};
template <class Value>
struct TypeName<std::optional<Value>> {
  static std::string text() { return TypeName<Value>::text() + " or null"; }
};

template <class Struct>
std::string members() {
  std::string text;
  for_each_member<Struct>(
      [&]<class Member>(std::string_view name, std::string_view words, Member Struct::*) {
        text += ".TP\n.B " + std::string(name) + " \\fR(" + TypeName<Member>::text() + ")\n" +
                escaped(words) + '\n';
      });
  return text;
}

/// The structures of the contract, each once, those inside before those around them.
class Structures {
 public:
  template <class Type>
  void add() {
    Adder<Type>::add(*this);
  }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  template <class Struct>
  struct Adder {
    static void add(Structures& all) {
      if (!all.known_.emplace(name_of<Struct>()).second) return;
      for_each_member<Struct>([&]<class Member>(std::string_view, std::string_view,
                                                Member Struct::*) { all.add<Member>(); });
      all.text_ += ".SS " + std::string(name_of<Struct>()) + '\n' + escaped(words_of<Struct>()) +
                   '\n' + members<Struct>();
    }
  };
  template <std::integral Number>
  struct Adder<Number> {
    static void add(Structures&) {}
  };
  template <class Item>
  struct Adder<std::vector<Item>> {
    static void add(Structures& all) { all.add<Item>(); }
  };
  template <class Value>
  struct Adder<std::optional<Value>> {
    static void add(Structures& all) { all.add<Value>(); }
  };

  std::set<std::string, std::less<>> known_;
  std::string text_;
};
template <>
struct Structures::Adder<std::string> {
  static void add(Structures&) {}
};

const char* who_may(Access access) {
  return access == Access::kRead ? "every local user"
                                 : "root, group rsip, or the active local user";
}

std::string methods() {
  std::string text;
  for_each_alternative<Call>([&]<class Request>(const Request&) {
    text += std::string(".SS ") + Request::kMethod + '\n' + escaped(words_of<Request>()) +
            "\n.br\nFor " + who_may(Request::kAccess) + "; answers " +
            std::string(name_of<typename Request::Reply>()) + ".\n" + members<Request>();
  });
  return text;
}

std::string events() {
  std::string text;
  for_each_alternative<EventBody>([&]<class Body>(const Body&) {
    text += std::string(".SS ") + Body::kName + '\n' + escaped(words_of<Body>()) + '\n' +
            members<Body>();
  });
  return text;
}

std::string structures() {
  Structures all;
  for_each_alternative<Answer>([&]<class Reply>(const Reply&) { all.add<Reply>(); });
  for_each_alternative<Documents>([&]<class Data>(const Data&) { all.add<Data>(); });
  return all.text();
}

}  // namespace

std::string reference_page() {
  return ".TH RSIP-CONTRACT 7 \"\" \"rsip " RSIP_VERSION
         "\" \"RSIP host agent\"\n"
         ".SH NAME\nrsip-contract \\- what the RSIP agent's socket and rsipctl --json speak\n"
         ".SH DESCRIPTION\n"
         "The agent's socket (/run/rsip/agent.sock) speaks JSON-RPC 2.0, one message a line. It\n"
         "opens with a notification \\(lqhello\\(rq that names version " +
         std::to_string(kContractVersion) +
         " of this contract.\n"
         "Members are only ever added. Times are ISO 8601 in UTC.\n"
         ".SH METHODS\n" +
         methods() +
         ".SH EVENTS\nAfter \\(lqsubscribe\\(rq, as notifications \\(lqevent\\(rq with "
         "seq, time, type and data.\n" +
         events() + ".SH STRUCTURES\n" + structures() +
         ".SH SEE ALSO\n.BR rsipctl (1),\n.BR rsipd (8)\n";
}

}  // namespace rsip::ipc
