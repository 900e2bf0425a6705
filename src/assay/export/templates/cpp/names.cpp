#include "names.hpp"

#include "csv.hpp"
#include "failure.hpp"
#include "text.hpp"

#include <algorithm>
#include <map>

namespace {

constexpr int RECORDS = 100;   // a title may stand above the header, hardly more
constexpr std::size_t SHOWN = 20;

// With one blank in place of each run of white space, and none at the ends.
std::string tidy(std::string_view name) {
    std::string plain;
    for (const auto word : words(name)) plain += (plain.empty() ? "" : " ") + std::string(word);
    return plain;
}

// Unique names in place of those that are written: an empty one becomes `column_N`, a second `a` becomes `a_2`.
std::vector<std::string> whole_names(const std::vector<std::string_view>& written) {
    std::vector<std::string> names;
    for (const auto name : written) names.push_back(tidy(name));
    std::map<std::string, int> seen;
    auto taken = names;
    for (std::size_t n = 0; n < names.size(); ++n) {
        const auto before = seen[names[n]]++;
        if (!names[n].empty() && !before) continue;
        const auto wanted = names[n].empty() ? "column_" + std::to_string(n + 1) : names[n] + "_" + std::to_string(before + 1);
        auto free = wanted;
        for (int number = 2; std::find(taken.begin(), taken.end(), free) != taken.end(); ++number) {
            free = wanted + "_" + std::to_string(number);
        }
        taken.push_back(free);
        names[n] = free;
    }
    return names;
}

struct Candidate {
    Header header;
    long long line = 1;
    std::vector<std::string> known;
    std::size_t found = 0;
};

Candidate looked_at(const std::vector<std::string_view>& fields, const std::vector<std::string>& names) {
    Candidate candidate;
    candidate.known = whole_names(fields);
    candidate.header.width = fields.size();
    for (const auto& name : names) {
        const auto at = std::find(candidate.known.begin(), candidate.known.end(), name);
        candidate.header.positions.push_back(static_cast<std::size_t>(at - candidate.known.begin()));
        candidate.found += at != candidate.known.end();
    }
    return candidate;
}

// The best header under one separator.
Candidate best_under(const Layout& layout, std::string head, const std::vector<std::string>& names) {
    Candidate best;
    std::vector<std::string_view> fields;
    std::size_t at = 0;
    long long line = 1;
    for (int record = 1; record <= RECORDS && at < head.size() && best.found < names.size(); ++record) {
        const auto end = layout.record_end(std::string_view(head).substr(at));
        const std::size_t length = end.value_or(head.size() - at);
        const auto lines = std::count(head.begin() + static_cast<long>(at), head.begin() + static_cast<long>(at + length), layout.line_end);
        try {
            layout.split(head.data() + at, head.data() + at + length, fields);
        } catch (const InputError&) {  // under this separator; what is wrong is said when the record is read
            break;
        }
        auto candidate = looked_at(fields, names);
        if (candidate.found > best.found || best.known.empty()) {
            best = std::move(candidate);
            best.header.records = record;
            best.header.separator = layout.separator;
            best.line = line;
        }
        line += lines + 1;
        at += length + 1;
    }
    return best;
}

Header::Missing missing_in(const Candidate& best, const std::vector<std::string>& names) {
    std::size_t n = 0;
    while (best.header.positions.size() > n && best.header.positions[n] < best.known.size()) ++n;
    const auto what = "there is no column " + quoted(names[n]);
    for (const auto& known : best.known) {
        if (lower(known) == lower(names[n])) return {best.line, what, "did you mean " + quoted(known) + "?"};
    }
    std::string listed;
    for (std::size_t k = 0; k < std::min(best.known.size(), SHOWN); ++k) listed += (k ? ", " : "") + best.known[k];
    if (best.known.size() > SHOWN) listed += " and " + std::to_string(best.known.size() - SHOWN) + " more";
    return {best.line, what, listed.empty() ? "the file is empty" : "known: " + listed};
}

}  // namespace

Header header_among(std::string_view head, char line_end, const std::vector<std::string>& wanted,
                    std::optional<char> separator) {
    std::vector<std::string> names;
    for (const auto& name : wanted) names.push_back(tidy(name));
    const std::string signs = separator ? std::string(1, *separator) : ",;\t|";
    Candidate best;
    for (const char sign : signs) {
        auto candidate = best_under({sign, line_end}, std::string(head), names);
        const bool is_wider = candidate.found == best.found && candidate.header.width > best.header.width;
        if (candidate.found > best.found || best.known.empty() || is_wider) best = std::move(candidate);
    }
    if (best.found < names.size()) best.header.missing = missing_in(best, names);
    return best.header;
}
