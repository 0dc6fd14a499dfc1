/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdint.h>

/* A fuzz target: any bytes, one at a time. libFuzzer calls it (make fuzz); in make check, replay.c
 * does, with the files of tests/fuzz/corpus/NAME. It aborts where what must hold does not. Always
 * 0. */
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* fuzz_file: the bytes as a file without a name; its path, valid until fuzz_file_close(). */
const char *fuzz_file (const uint8_t *data, size_t size, int *fd);
void fuzz_file_close (int fd);

/* fuzz_folder: the bytes as the files of a result directory: each begins behind a line "== NAME".
 * Its path; the same at each call, emptied; gone at the end. */
const char *fuzz_folder (const uint8_t *data, size_t size);
