// Whatever comes by SLP: messages, and the texts in them. What is understood must be written back
// to the same meaning. The first byte chooses the parser; seeds are in tests/vectors/slp.

#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>

#include "common/slp/attributes.h"
#include "common/slp/codec.h"
#include "common/slp/predicate.h"
#include "common/slp/service_url.h"
#include "common/slp/text.h"

namespace {

using namespace rsip::slp;

void require(bool condition) {
  if (!condition) std::abort();
}

void check_message(std::span<const std::uint8_t> bytes) {
  (void)message_length(bytes);
  auto message = decode(bytes);
  if (!message) return;
  // A reply that overflowed, or an error's code alone, is read as far as it goes.
  const auto written = encode(*message);
  if (!written) return;
  const auto again = decode(*written);
  require(again && *again == *message);
}

void check_attributes(std::string_view text) {
  const auto list = AttributeList::parse(text);
  if (!list) return;
  const auto again = AttributeList::parse(list->print());
  require(again && *again == *list);
  (void)list->integer("load");
  (void)list->boolean("ipsec-support");
  require(list->select("*").all().size() == list->all().size());
}

void check_predicate(std::string_view text) {
  const std::size_t middle = text.find('\n');
  const auto predicate = Predicate::parse(text.substr(0, middle));
  if (!predicate || middle == std::string_view::npos) return;
  const auto list = AttributeList::parse(text.substr(middle + 1));
  if (list) (void)predicate->matches(*list);
}

void check_url(std::string_view text) {
  const auto url = ServiceUrl::parse(text);
  if (!url) return;
  const auto again = ServiceUrl::parse(url->print());
  require(again && *again == *url);
}

void check_text(std::string_view text) {
  const auto plain = unescape(escape(text));
  require(plain && *plain == text);
  require(fold(fold(text)) == fold(text));
  require(scopes_meet(text, text) == !split_list(text).empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::span<const std::uint8_t> bytes(data, size);
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0]) {
    case 'a':
      check_attributes(text);
      break;
    case 'p':
      check_predicate(text);
      break;
    case 'u':
      check_url(text);
      break;
    case 't':
      check_text(text);
      break;
    default:
      check_message(bytes);
  }
  return 0;
}
