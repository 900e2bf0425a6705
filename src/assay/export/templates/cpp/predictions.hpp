// Writes predictions as CSV to standard output: whole rows, batch by batch.
#pragma once

#include "schema.hpp"

#include <string>
#include <vector>

class Predictions {
public:
    // Writes the header. `has_warnings`: whether rows have a last column that says what is odd in them.
    Predictions(const Schema& schema, bool has_warnings);

    // Writes rows from the network's answer, (N,) values or (N, K) probabilities.
    // InputError: an answer is not a finite number, with its row; the rows before it are written.
    // ProgramError: standard output takes no more.
    void write(const std::vector<double>& output, std::size_t rows, long long first_row, const std::vector<std::string>& warnings);

private:
    std::size_t chosen(const double* probabilities) const;
    void append_row(const double* answer, std::size_t width);
    void flush();

    const Schema& schema_;
    bool has_warnings_;
    std::string text_;
};
