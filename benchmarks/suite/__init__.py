"""Problems whose Bayes error and right verdict are known: what the error analysis is measured on."""
