/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* A load generator: hey, a program of others, which plays clients of an HTTP server: each asks for
 * a page so many times a second, where its last request was answered. Inside the prober only. */
typedef struct _MigLoadGenerator MigLoadGenerator;

/* mig_load_generator_start: with what stands behind the word of the prober's line (prober.h). NULL:
 * it is none, or the program cannot be run. */
MigLoadGenerator *mig_load_generator_start (const char *words);

/* mig_load_generator_free: ends it at once, where it has not ended. */
void mig_load_generator_free (MigLoadGenerator *generator);

/* mig_load_generator_fd: can be read when mig_load_generator_ready() has something to do; -1: it
 * has ended. */
int mig_load_generator_fd (const MigLoadGenerator *generator);
void mig_load_generator_ready (MigLoadGenerator *generator);

/* mig_load_generator_stop: no more is asked; it ends when the last requests have been answered, and
 * tells of all. mig_load_generator_give_up: those that have not been by then are waited for no
 * more. */
void mig_load_generator_stop (MigLoadGenerator *generator);
void mig_load_generator_give_up (MigLoadGenerator *generator);

/* mig_load_generator_tell: once it has ended: all its requests, as lines (request.h). */
void mig_load_generator_tell (const MigLoadGenerator *generator, GString *text);
