#include "predictions.hpp"

#include "failure.hpp"
#include "text.hpp"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>

Predictions::Predictions(const Schema& schema, bool has_warnings) : schema_(schema), has_warnings_(has_warnings) {
    text_ = "prediction";
    for (const auto& label : schema_.labels) {
        text_ += ',';
        append_field(text_, "probability_" + label.name);
    }
    text_ += has_warnings_ ? ",warnings\n" : "\n";
    flush();
}

void Predictions::write(const std::vector<double>& output, std::size_t rows, long long first_row,
                        const std::vector<std::string>& warnings) {
    const std::size_t width = std::max<std::size_t>(schema_.labels.size(), 1);
    if (output.size() != rows * width) {
        throw ProgramError("the network answers " + std::to_string(output.size()) + " numbers to " + std::to_string(rows) +
                           " rows, and schema.json expects " + std::to_string(width) + " for each");
    }
    for (std::size_t n = 0; n < rows; ++n) {
        const double* answer = output.data() + n * width;
        if (!std::all_of(answer, answer + width, [](double number) { return std::isfinite(number); })) {
            flush();
            throw InputError("row " + std::to_string(first_row + static_cast<long long>(n)) +
                             ": the network's answer is not a finite number");
        }
        append_row(answer, width);
        if (has_warnings_) {
            text_ += ',';
            append_field(text_, warnings[n]);
        }
        text_ += '\n';
    }
    flush();
}

void Predictions::append_row(const double* answer, std::size_t width) {
    if (schema_.labels.empty()) {
        append_number(text_, *answer);
        return;
    }
    append_field(text_, schema_.labels[chosen(answer)].prediction);
    for (std::size_t k = 0; k < width; ++k) {
        text_ += ',';
        append_number(text_, answer[k]);
    }
}

// The class that is the answer: the most probable one, or of two the second where it exceeds the threshold.
std::size_t Predictions::chosen(const double* probabilities) const {
    if (schema_.threshold) return probabilities[1] > *schema_.threshold ? 1 : 0;
    return static_cast<std::size_t>(std::max_element(probabilities, probabilities + schema_.labels.size()) - probabilities);
}

void Predictions::flush() {
    const bool is_written = std::fwrite(text_.data(), 1, text_.size(), stdout) == text_.size() && std::fflush(stdout) == 0;
    if (!is_written) throw ProgramError(std::string("standard output cannot be written: ") + std::strerror(errno));
    text_.clear();
}
