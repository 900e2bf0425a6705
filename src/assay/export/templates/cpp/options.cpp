#include "options.hpp"

#include "failure.hpp"

#include <cstdlib>
#include <string_view>
#include <vector>

const char* const USAGE =
    "usage: predict NETWORK [SCHEMA] ROWS [options] > predictions.csv\n"
    "\n"
    "  NETWORK  network.torchscript.pt or network.aoti.pt2\n"
    "  SCHEMA   schema.json; absent: the one beside NETWORK\n"
    "  ROWS     a CSV file with a header, - for standard input; images: a .npy of uint8 (N, C, H, W)\n"
    "\n"
    "  --separator S  the sign between fields: one sign or `tab`; else the one that parts the header\n"
    "  --threads N    2: one reads rows while the other predicts; 1: one thread; more: the network's own\n"
    "  --batch N      rows that are predicted at once (1024)\n"
    "  --no-warnings  without the column that says what no training row had\n"
    "  --raw          cells are the raw numbers that the network takes: codes, seconds since 1970\n"
    "  --timing       says on standard error how long it took\n";

namespace {

long positive(const std::string& option, const std::string& text, long most) {
    char* end = nullptr;
    const long number = std::strtol(text.c_str(), &end, 10);
    if (text.empty() || *end || number < 1 || number > most) {
        throw InputError(option + " " + text + ": a number from 1 to " + std::to_string(most) + " is expected");
    }
    return number;
}

char sign(const std::string& text) {
    if (text == "tab" || text == "\\t") return '\t';
    if (text.size() != 1 || text == "\"" || text == "\n" || text == "\r") {
        throw InputError("--separator " + text + ": one sign is expected, no quote, or the word tab");
    }
    return text[0];
}

}  // namespace

Options::Options(int count, char** words) {
    std::vector<std::string> files;
    for (int n = 1; n < count; ++n) {
        const std::string word = words[n];
        const auto value = [&]() -> std::string {
            if (n + 1 >= count) throw InputError(word + ": its value is missing");
            return words[++n];
        };
        if (word == "--help" || word == "-h") {
            wants_help = true;
        } else if (word == "--separator") {
            separator = sign(value());
        } else if (word == "--threads") {
            threads = static_cast<int>(positive(word, value(), 1024));
        } else if (word == "--batch") {
            batch = static_cast<std::size_t>(positive(word, value(), 1 << 20));
        } else if (word == "--no-warnings") {
            has_warnings = false;
        } else if (word == "--raw") {
            is_raw = true;
        } else if (word == "--timing") {
            has_timing = true;
        } else if (word.size() > 1 && word[0] == '-') {
            throw InputError(word + ": there is no such option (see predict --help)");
        } else {
            files.push_back(word);
        }
    }
    if (wants_help) return;
    if (files.size() != 2 && files.size() != 3) {
        throw InputError(std::to_string(files.size()) + " files are named where 2 or 3 are expected (see predict --help)");
    }
    network = files.front();
    data = files.back();
    const auto slash = network.find_last_of('/');
    schema = files.size() == 3 ? files[1] : (slash == network.npos ? "" : network.substr(0, slash + 1)) + "schema.json";
}
