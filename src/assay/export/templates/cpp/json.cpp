#include "json.hpp"

#include "failure.hpp"
#include "numbers.hpp"
#include "text.hpp"

#include <algorithm>

namespace {

constexpr int DEEPEST = 64;

void append_utf8(std::string& text, unsigned code) {
    if (code < 0x80) {
        text += static_cast<char>(code);
    } else if (code < 0x800) {
        text += {static_cast<char>(0xC0 | code >> 6), static_cast<char>(0x80 | (code & 0x3F))};
    } else if (code < 0x10000) {
        text += {static_cast<char>(0xE0 | code >> 12), static_cast<char>(0x80 | (code >> 6 & 0x3F)),
                 static_cast<char>(0x80 | (code & 0x3F))};
    } else {
        text += {static_cast<char>(0xF0 | code >> 18), static_cast<char>(0x80 | (code >> 12 & 0x3F)),
                 static_cast<char>(0x80 | (code >> 6 & 0x3F)), static_cast<char>(0x80 | (code & 0x3F))};
    }
}

}  // namespace

class JsonParser {
public:
    explicit JsonParser(std::string_view text) : text_(text) {}

    Json document() {
        Json value = this->value(0);
        blanks();
        if (at_ < text_.size()) fail("text follows the document");
        return value;
    }

private:
    std::string_view text_;
    std::size_t at_ = 0;

    [[noreturn]] void fail(const std::string& what) const {
        const auto before = text_.substr(0, std::min(at_, text_.size()));
        throw InputError("not valid JSON in line " + std::to_string(1 + std::count(before.begin(), before.end(), '\n')) + ": " + what);
    }

    void blanks() {
        while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos) ++at_;
    }

    char peek() {
        blanks();
        if (at_ >= text_.size()) fail("it ends too early");
        return text_[at_];
    }

    bool take(char sign) {
        if (peek() != sign) return false;
        ++at_;
        return true;
    }

    void need(char sign) {
        if (!take(sign)) fail(std::string("'") + sign + "' was expected");
    }

    Json value(int depth) {
        if (depth > DEEPEST) fail("it is nested too deeply");
        switch (peek()) {
            case '{': return object(depth);
            case '[': return list(depth);
            case '"': return string();
            default: return word();
        }
    }

    Json object(int depth) {
        Json result;
        result.type_ = Json::Type::object;
        need('{');
        if (take('}')) return result;
        do {
            if (peek() != '"') fail("a key in quotes was expected");
            std::string key = string().text_;
            need(':');
            result.members_.emplace_back(std::move(key), value(depth + 1));
        } while (take(','));
        need('}');
        return result;
    }

    Json list(int depth) {
        Json result;
        result.type_ = Json::Type::list;
        need('[');
        if (take(']')) return result;
        do result.list_.push_back(value(depth + 1));
        while (take(','));
        need(']');
        return result;
    }

    Json word() {
        const auto begin = at_;
        while (at_ < text_.size() && std::string_view(",]} \t\r\n").find(text_[at_]) == std::string_view::npos) ++at_;
        const auto found = text_.substr(begin, at_ - begin);
        Json result;
        if (found == "true" || found == "false") {
            result.type_ = Json::Type::boolean;
            result.boolean_ = found == "true";
        } else if (found != "null") {
            const bool begins_well = !found.empty() && (found[0] == '-' || (found[0] >= '0' && found[0] <= '9'));
            const auto number = begins_well ? plain_number(found) : std::nullopt;
            if (!number) fail(quoted(found) + " is no value");
            result.type_ = Json::Type::number;
            result.number_ = *number;
            result.text_ = found;
        }
        return result;
    }

    Json string() {
        Json result;
        result.type_ = Json::Type::text;
        need('"');
        for (;;) {
            if (at_ >= text_.size()) fail("a text is not closed");
            const char sign = text_[at_++];
            if (sign == '"') break;
            if (static_cast<unsigned char>(sign) < 32) fail("a control character stands in a text");
            if (sign == '\\') {
                escape(result.text_);
            } else {
                result.text_ += sign;
            }
        }
        if (!is_utf8(result.text_)) fail("a text is not UTF-8");
        return result;
    }

    void escape(std::string& text) {
        static constexpr std::string_view SIGNS = "\"\\/bfnrt", MEANT = "\"\\/\b\f\n\r\t";
        const char sign = at_ < text_.size() ? text_[at_++] : '\0';
        if (const auto known = SIGNS.find(sign); known != SIGNS.npos) {
            text += MEANT[known];
            return;
        }
        if (sign != 'u') fail("an unknown sign follows a backslash");
        unsigned code = four_digits();
        if (code >= 0xD800 && code < 0xDC00 && text_.substr(at_, 2) == "\\u") {
            at_ += 2;
            const unsigned low = four_digits();
            if (low < 0xDC00 || low > 0xDFFF) fail("half a pair of surrogates");
            code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
        }
        if (code >= 0xD800 && code < 0xE000) fail("half a pair of surrogates");
        append_utf8(text, code);
    }

    unsigned four_digits() {
        static constexpr std::string_view DIGITS = "0123456789abcdef";
        unsigned code = 0;
        for (int n = 0; n < 4; ++n) {
            const char sign = at_ < text_.size() ? text_[at_++] : '\0';
            const auto digit = DIGITS.find(lower({&sign, 1}));
            if (digit == DIGITS.npos) fail("four hexadecimal digits were expected after \\u");
            code = code * 16 + static_cast<unsigned>(digit);
        }
        return code;
    }
};

Json Json::parse(std::string_view text) { return JsonParser(text).document(); }

const Json& Json::operator[](std::string_view key) const {
    if (type_ != Type::object) throw InputError(quoted(key) + " is looked for in a value that is no object");
    for (const auto& [name, value] : members_) {
        if (name == key) return value;
    }
    throw InputError("there is no key " + quoted(key));
}

bool Json::boolean() const {
    if (type_ != Type::boolean) throw InputError("true or false was expected");
    return boolean_;
}

double Json::number() const {
    if (type_ != Type::number) throw InputError("a number was expected");
    return number_;
}

const std::string& Json::text() const {
    if (type_ != Type::text) throw InputError("a text was expected");
    return text_;
}

const std::vector<Json>& Json::list() const {
    if (type_ != Type::list) throw InputError("a list was expected");
    return list_;
}

std::vector<std::string> Json::texts() const {
    std::vector<std::string> found;
    for (const auto& value : list()) found.push_back(value.text());
    return found;
}

std::vector<double> Json::numbers() const {
    std::vector<double> found;
    for (const auto& value : list()) found.push_back(value.number());
    return found;
}
