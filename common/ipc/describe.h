#pragma once

#include <cstddef>
#include <string_view>

#include <boost/describe/members.hpp>
#include <boost/mp11/algorithm.hpp>

#include "common/ipc/contract.h"

/// Walks over what RSIP_CONTRACT says.
namespace rsip::ipc {

/// Calls visit(name, words, pointer to member) for each member, in order.
template <class Struct, class Visit>
void for_each_member(Visit visit) {
  constexpr auto words = member_words_for(static_cast<const Struct*>(nullptr));
  std::size_t position = 0;
  boost::mp11::mp_for_each<boost::describe::describe_members<Struct, boost::describe::mod_public>>(
      [&](auto member) {
        visit(std::string_view(member.name), words[position++], member.pointer);
      });
}

template <class Struct>
std::string_view name_of() {
  return name_for(static_cast<const Struct*>(nullptr));
}
template <class Struct>
std::string_view words_of() {
  return words_for(static_cast<const Struct*>(nullptr));
}

/// Calls visit(blank) for each alternative of a variant.
template <class Variant, class Visit>
void for_each_alternative(Visit visit) {
  boost::mp11::mp_for_each<boost::mp11::mp_rename<Variant, boost::mp11::mp_list>>(visit);
}

}  // namespace rsip::ipc
