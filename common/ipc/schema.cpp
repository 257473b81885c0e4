#include "common/ipc/schema.h"

#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>

#include <boost/json.hpp>

#include "common/ipc/describe.h"
#include "common/ipc/documents.h"

namespace rsip::ipc {
namespace {

namespace json = boost::json;

constexpr const char* kDialect = "https://json-schema.org/draft/2020-12/schema";

/// Writes the schema of a type, and those of the structures in it among the definitions.
class SchemaWriter {
 public:
  template <class Type>
  json::object of() {
    return Writer<Type>::write(*this);
  }
  [[nodiscard]] const json::object& definitions() const { return definitions_; }

 private:
  template <class Struct>
  struct Writer {
    static json::object write(SchemaWriter& all) {
      const std::string name(name_of<Struct>());
      if (!all.definitions_.contains(name)) all.define<Struct>(name);
      return {{"$ref", "#/$defs/" + name}};
    }
  };
  template <std::integral Number>
  struct Writer<Number> {
    static json::object write(SchemaWriter&) {
      return {{"type", "integer"},
              {"minimum", std::numeric_limits<Number>::min()},
              {"maximum", std::numeric_limits<Number>::max()}};
    }
  };
  template <class Item>
  struct Writer<std::vector<Item>> {
    static json::object write(SchemaWriter& all) {
      return {{"type", "array"}, {"items", all.of<Item>()}};
    }
  };
  template <class Value>
  struct Writer<std::optional<Value>> {
    static json::object write(SchemaWriter& all) {
      return {{"anyOf", {all.of<Value>(), {{"type", "null"}}}}};
    }
  };

  // New members are no break of a schema, so that others than these are allowed.
  template <class Struct>
  void define(const std::string& name) {
    definitions_[name] = nullptr;  // keeps its place before what it contains
    json::object properties;
    json::array required;
    for_each_member<Struct>(
        [&]<class Member>(std::string_view member, std::string_view words, Member Struct::*) {
          json::object schema = of<Member>();
          schema["description"] = words;
          properties[member] = std::move(schema);
          required.push_back(json::string(member));
        });
    definitions_[name] = json::object{{"description", words_of<Struct>()},
                                      {"type", "object"},
                                      {"properties", std::move(properties)},
                                      {"required", std::move(required)}};
  }

  json::object definitions_;
};

template <>
struct SchemaWriter::Writer<bool> {
  static json::object write(SchemaWriter&) { return {{"type", "boolean"}}; }
};
template <>
struct SchemaWriter::Writer<std::string> {
  static json::object write(SchemaWriter&) { return {{"type", "string"}}; }
};

json::object time_schema() {
  return {{"type", "string"}, {"format", "date-time"}};
}

/// Of {"schema":"rsip.NAME",...} with these members besides, all of them required.
SchemaFile file_of(const std::string& id, std::string_view words, json::object properties,
                   const json::object& definitions) {
  properties["schema"] = json::object{{"const", "rsip." + id}};
  json::array required;
  for (const auto& [key, value] : properties) required.push_back(json::string(key));
  json::object schema{{"$schema", kDialect},
                      {"$id", "rsip:" + id},
                      {"description", words},
                      {"type", "object"},
                      {"properties", std::move(properties)},
                      {"required", std::move(required)},
                      {"$defs", definitions}};
  std::string name = "rsip." + id + ".json";
  name[name.find('/')] = '-';
  return {std::move(name), json::serialize(schema) + '\n'};
}

template <class Data>
SchemaFile document_schema() {
  SchemaWriter writer;
  json::object data = writer.of<Data>();
  return file_of(
      kSchemaOf<Data>, words_of<Data>(),
      {{"time", time_schema()}, {"agent", {{"type", "string"}}}, {"data", std::move(data)}},
      writer.definitions());
}

SchemaFile error_schema() {
  SchemaWriter writer;
  json::object error = writer.of<ProblemStatus>();
  return file_of("error/1", "What rsipctl prints instead when it fails.",
                 {{"time", time_schema()}, {"error", std::move(error)}}, writer.definitions());
}

/// The data of an event is of the structure that its type names.
template <class Body>
json::object event_data(SchemaWriter& writer, const char* type) {
  return {{"if", {{"properties", {{"type", {{"const", type}}}}}}},
          {"then", {{"properties", {{"data", writer.of<Body>()}}}}}};
}

SchemaFile event_schema() {
  SchemaWriter writer;
  json::array types{"snapshot"};
  json::array cases{event_data<Snapshot>(writer, "snapshot")};
  for_each_alternative<EventBody>([&]<class Body>(const Body&) {
    types.push_back(Body::kName);
    cases.push_back(event_data<Body>(writer, Body::kName));
  });
  json::object definitions = writer.definitions();
  definitions["EventData"] = json::object{{"type", "object"}};
  SchemaFile file = file_of("event/1", "A line of rsipctl monitor --json.",
                            {{"seq", writer.of<std::uint64_t>()},
                             {"time", time_schema()},
                             {"type", {{"enum", std::move(types)}}},
                             {"data", {{"$ref", "#/$defs/EventData"}}}},
                            definitions);
  json::object whole = json::parse(file.text).as_object();
  whole["allOf"] = std::move(cases);
  file.text = json::serialize(whole) + '\n';
  return file;
}

}  // namespace

std::vector<SchemaFile> schemas() {
  std::vector<SchemaFile> files;
  for_each_alternative<Documents>(
      [&]<class Data>(const Data&) { files.push_back(document_schema<Data>()); });
  files.push_back(event_schema());
  files.push_back(error_schema());
  return files;
}

}  // namespace rsip::ipc
