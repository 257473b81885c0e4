#pragma once

#include <array>
#include <string_view>

#include <boost/describe/class.hpp>
#include <boost/preprocessor/seq/enum.hpp>
#include <boost/preprocessor/seq/transform.hpp>
#include <boost/preprocessor/tuple/elem.hpp>
#include <boost/preprocessor/variadic/to_seq.hpp>

/// How a structure of the contract is described, once: its members by name and by what they mean.
/// The codec, the JSON schemas and the reference in rsip-contract(7) come from it.
///
///     RSIP_CONTRACT(PortRangeStatus, "Ports in a row.",
///                   (first, "First port."), (last, "Last port, included."))
#define RSIP_CONTRACT(Type, words, ...)                                                         \
  BOOST_DESCRIBE_STRUCT(Type, (),                                                               \
                        (BOOST_PP_SEQ_ENUM(BOOST_PP_SEQ_TRANSFORM(                              \
                            RSIP_CONTRACT_ELEMENT, 0, BOOST_PP_VARIADIC_TO_SEQ(__VA_ARGS__))))) \
  [[maybe_unused]] constexpr std::string_view name_for(const Type*) {                           \
    return #Type;                                                                               \
  }                                                                                             \
  [[maybe_unused]] constexpr std::string_view words_for(const Type*) {                          \
    return words;                                                                               \
  }                                                                                             \
  [[maybe_unused]] constexpr auto member_words_for(const Type*) {                               \
    return std::to_array<std::string_view>({BOOST_PP_SEQ_ENUM(BOOST_PP_SEQ_TRANSFORM(           \
        RSIP_CONTRACT_ELEMENT, 1, BOOST_PP_VARIADIC_TO_SEQ(__VA_ARGS__)))});                    \
  }

/// The same for a structure without members.
#define RSIP_CONTRACT_EMPTY(Type, words)                               \
  BOOST_DESCRIBE_STRUCT(Type, (), ())                                  \
  [[maybe_unused]] constexpr std::string_view name_for(const Type*) {  \
    return #Type;                                                      \
  }                                                                    \
  [[maybe_unused]] constexpr std::string_view words_for(const Type*) { \
    return words;                                                      \
  }                                                                    \
  [[maybe_unused]] constexpr auto member_words_for(const Type*) {      \
    return std::array<std::string_view, 0>{};                          \
  }

#define RSIP_CONTRACT_ELEMENT(step, position, pair) BOOST_PP_TUPLE_ELEM(position, pair)

namespace rsip::ipc {

/// What a method needs of who calls it; see permissions.h.
enum class Access {
  kRead,    ///< Every local user.
  kChange,  ///< Who may change what the agent does.
};

}  // namespace rsip::ipc
