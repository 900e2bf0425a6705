// A small JSON reader (RFC 8259) for schema.json.
//
// schema.json is read when the program starts, and no header is generated from it: a network that is trained again
// needs no compiler, and one program answers for every bundle.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

class Json {
public:
    enum class Type { null, boolean, number, text, list, object };

    // InputError: the text is not JSON, with its line.
    static Json parse(std::string_view text);

    // The value of a key. InputError: this is no object, or has no such key.
    const Json& operator[](std::string_view key) const;

    // InputError where the value has another type.
    bool boolean() const;
    double number() const;
    const std::string& text() const;
    const std::vector<Json>& list() const;
    std::vector<std::string> texts() const;
    std::vector<double> numbers() const;

    bool is_null() const { return type_ == Type::null; }
    bool is_number() const { return type_ == Type::number; }
    bool is_boolean() const { return type_ == Type::boolean; }

    // A number as it is written; the content of a text.
    const std::string& written() const { return text_; }

private:
    friend class JsonParser;
    Type type_ = Type::null;
    bool boolean_ = false;
    double number_ = 0;
    std::string text_;
    std::vector<Json> list_;
    std::vector<std::pair<std::string, Json>> members_;
};
