#pragma once

#include <string>
#include <vector>

/// JSON schemas (draft 2020-12) and the reference of the contract, made from its descriptions.
namespace rsip::ipc {

struct SchemaFile {
  std::string name;  ///< "rsip.status-2.json"
  std::string text;
};

/// One for each document that rsipctl prints, one for events, one for errors.
std::vector<SchemaFile> schemas();

/// rsip-contract(7): methods with who may call them, their parameters and answers, events, and
/// every structure, in man(7) markup.
std::string reference_page();

}  // namespace rsip::ipc
