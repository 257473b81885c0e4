#include "common/ipc/schema.h"

#include <algorithm>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "common/ipc/describe.h"
#include "common/ipc/documents.h"
#include "common/ipc/protocol.h"

namespace rsip::ipc {
namespace {

namespace json = boost::json;

json::object schema_named(const std::string& name) {
  const auto files = schemas();
  const auto found = std::ranges::find(files, name, &SchemaFile::name);
  if (found == files.end()) ADD_FAILURE() << "there is no " << name;
  return found == files.end() ? json::object() : json::parse(found->text).as_object();
}

/// Every reference leads to a definition.
void expect_references_resolve(const json::value& value, const json::object& definitions) {
  if (const auto* const array = value.if_array()) {
    for (const json::value& item : *array) expect_references_resolve(item, definitions);
  }
  const auto* const object = value.if_object();
  if (object == nullptr) return;
  for (const auto& [key, inner] : *object) {
    if (key != "$ref") {
      expect_references_resolve(inner, definitions);
      continue;
    }
    const std::string target(inner.as_string());
    EXPECT_TRUE(definitions.contains(target.substr(std::string("#/$defs/").size()))) << target;
  }
}

TEST(Schemas, AreOneForEachDocumentAndParse) {
  std::size_t documents = 0;
  for_each_alternative<Documents>([&](const auto&) { ++documents; });
  const auto files = schemas();
  EXPECT_EQ(files.size(), documents + 2) << "and events, and errors";
  for (const SchemaFile& file : files) {
    const json::object schema = json::parse(file.text).as_object();
    EXPECT_EQ(schema.at("$schema"), "https://json-schema.org/draft/2020-12/schema");
    EXPECT_TRUE(file.name.starts_with("rsip.") && file.name.ends_with(".json")) << file.name;
    expect_references_resolve(schema, schema.at("$defs").as_object());
  }
}

TEST(Schemas, HaveDifferentNames) {
  auto files = schemas();
  std::ranges::sort(files, {}, &SchemaFile::name);
  EXPECT_EQ(std::ranges::adjacent_find(files, {}, &SchemaFile::name), files.end());
}

// Whatever a document has, its schema requires and explains.
TEST(Schemas, ListAllMembersOfTheirDocuments) {
  for_each_alternative<Documents>([]<class Data>(const Data& blank) {
    std::string name = std::string("rsip.") + kSchemaOf<Data> + ".json";
    name[name.find('/')] = '-';
    const json::object schema = schema_named(name);
    const json::object whole = json::parse(document(blank, "1", "t")).as_object();
    for (const auto& [key, value] : whole) {
      EXPECT_TRUE(schema.at("properties").as_object().contains(key)) << name << " " << key;
    }
    const json::object& definition = schema.at("$defs").as_object().at(name_of<Data>()).as_object();
    EXPECT_EQ(definition.at("required").as_array().size(), whole.at("data").as_object().size());
    for (const auto& [key, value] : whole.at("data").as_object()) {
      const auto* const property = definition.at("properties").as_object().if_contains(key);
      ASSERT_NE(property, nullptr) << name << " " << key;
      EXPECT_FALSE(property->as_object().at("description").as_string().empty()) << key;
    }
  });
}

TEST(Schemas, AllowMembersToBeAdded) {
  for (const SchemaFile& file : schemas()) {
    EXPECT_EQ(file.text.find("additionalProperties"), std::string::npos) << file.name;
  }
}

TEST(Schemas, NameEveryKindOfEvent) {
  const json::object schema = schema_named("rsip.event-1.json");
  const json::array& types =
      schema.at("properties").as_object().at("type").as_object().at("enum").as_array();
  for_each_alternative<EventBody>([&]<class Body>(const Body&) {
    EXPECT_NE(std::ranges::find(types, json::value(Body::kName)), types.end()) << Body::kName;
  });
  EXPECT_EQ(schema.at("allOf").as_array().size(), types.size());
}

TEST(ReferencePage, ExplainsEveryMethodEventAndMember) {
  const std::string page = reference_page();
  for_each_alternative<Call>([&]<class Request>(const Request&) {
    EXPECT_NE(page.find(std::string(".SS ") + Request::kMethod + "\n"), std::string::npos)
        << Request::kMethod;
  });
  for_each_alternative<EventBody>([&]<class Body>(const Body&) {
    EXPECT_NE(page.find(std::string(".SS ") + Body::kName + "\n"), std::string::npos)
        << Body::kName;
  });
  for_each_member<LeaseStatus>([&](std::string_view name, std::string_view words, auto) {
    EXPECT_NE(page.find(".B " + std::string(name) + " "), std::string::npos) << name;
    EXPECT_NE(page.find(words), std::string::npos) << words;
  });
}

}  // namespace
}  // namespace rsip::ipc
