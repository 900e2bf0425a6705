// What stops the program: one line for the user, and the exit status.
#pragma once

#include <stdexcept>
#include <string>

// The user's input is wrong (status 2): a file, a row, an option.
class InputError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// Not the input's fault (status 1): the disk is full, the network cannot run.
class ProgramError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};
