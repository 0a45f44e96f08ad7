// OptionReader: reads an object that the facade has checked (src/options/). The names stand in
// two languages: one that native code asks for and does not get, or gets and does not ask for, is
// an error, not a zero in silence.
#pragma once

#include <napi.h>

#include <set>
#include <string>
#include <utility>
#include <vector>

namespace tidemark {

class OptionReader {
 public:
  // `what` names the object in the error.
  OptionReader(Napi::Object object, std::string what) : object_(object), what_(std::move(what)) {}

  std::string string(const char* name);
  double number(const char* name);
  bool boolean(const char* name);
  int64_t bigint(const char* name);
  // An object's own properties, all of them strings.
  std::vector<std::pair<std::string, std::string>> string_map(const char* name);
  Napi::Object object(const char* name);
  std::vector<std::string> strings(const char* name);
  // Of objects.
  std::vector<Napi::Object> array(const char* name);
  bool is_null(const char* name);

  // Once all has been read: empty, or which option was missing, of another type, or not read.
  std::string fault() const;

 private:
  Napi::Value get(const char* name);
  // Notes the first one.
  void note(const char* name, const char* expected);

  Napi::Object object_;
  std::string what_;
  std::set<std::string> read_;
  std::string fault_;
};

}  // namespace tidemark
