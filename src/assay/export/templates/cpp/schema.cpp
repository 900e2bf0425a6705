#include "schema.hpp"

#include "failure.hpp"
#include "text.hpp"

#include <cmath>
#include <fstream>
#include <sstream>

namespace {

constexpr int FORMAT = 1;

Texts set_of(const std::vector<std::string>& texts) { return {texts.begin(), texts.end()}; }

// Labels as Python writes them: a whole list is shown as decimals where one label is.
std::vector<Label> read_labels(const std::vector<Json>& values) {
    bool has_decimals = false;
    for (const auto& value : values) has_decimals |= value.is_number() && value.written().find_first_of(".eE") != std::string::npos;
    std::vector<Label> labels;
    for (const auto& value : values) {
        if (value.is_boolean()) {
            labels.push_back(value.boolean() ? Label{"true", "True"} : Label{"false", "False"});
        } else if (value.is_number() && has_decimals) {
            std::string text;
            append_number(text, value.number());
            const bool is_decimal = value.written().find_first_of(".eE") != std::string::npos;
            labels.push_back({text, is_decimal ? text : value.written()});
        } else {
            const auto& text = value.is_number() ? value.written() : value.text();
            labels.push_back({text, text});
        }
    }
    return labels;
}

Json read_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw InputError("there is no such file");
    std::ostringstream content;
    content << file.rdbuf();
    return Json::parse(content.str());
}

}  // namespace

void Words::finish() {
    for (const auto* texts : {&missing, &stands_for_missing}) {
        for (const auto& text : *texts) {
            if (text.empty() || text.size() >= 64) continue;
            const auto first = static_cast<unsigned char>(text[0]);
            const auto bit = std::uint64_t{1} << text.size();
            lengths[first] |= bit;
            if (first >= 'a' && first <= 'z') lengths[first - 'a' + 'A'] |= bit;
        }
    }
    for (const auto& text : stands_for_missing) {
        const auto number = plain_number(text);
        if (number && std::isfinite(*number)) stand_ins.push_back(*number);
    }
}

Schema::Schema(const std::string& path) {
    try {
        const Json record = read_file(path);
        if (record["format"].number() != FORMAT) {
            throw InputError("its format is " + record["format"].written() + ", and this program reads format " +
                             std::to_string(FORMAT) + " (export the program again)");
        }
        is_image = record["kind"].text() == "image";
        if (!record["threshold"].is_null()) threshold = record["threshold"].number();
        labels = read_labels(record["labels"].list());
        const auto& shape = record["input"]["shape"].list();
        for (std::size_t n = 1; n < shape.size(); ++n) row_shape.push_back(static_cast<std::int64_t>(shape[n].number()));
        const auto& common = record["words"];
        words.missing = set_of(common["missing"].texts());
        words.yes = set_of(common["true"].texts());
        words.no = set_of(common["false"].texts());
        for (const auto& column : record["columns"].list()) {
            if (column["spelling"].is_null()) continue;
            for (const auto& text : column["spelling"]["missing"].texts()) {
                words.stands_for_missing.emplace(stripped(text));
            }
        }
        words.finish();
        for (const auto& column : record["columns"].list()) columns.emplace_back(column, words);
    } catch (const InputError& error) {
        throw InputError(path + ": " + error.what());
    }
}

std::vector<std::string> Schema::names() const {
    std::vector<std::string> found;
    for (const auto& column : columns) found.push_back(column.name());
    return found;
}
