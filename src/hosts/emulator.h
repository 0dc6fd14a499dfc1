/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Versions of QEMU programs: 1000000 * major + 1000 * minor + release; 0: unknown. libvirt tells
 * the version of the QEMU that it would choose by itself, and no call of its tells that of another
 * one. */

/* mig_emulator_version: asks the program at that path; a warning where it does not answer. */
guint64 mig_emulator_version (const char *path);

/* mig_emulator_parse_version: from the first line that QEMU prints with --version: "QEMU emulator
 * version 10.0.2 (Debian ...)". */
guint64 mig_emulator_parse_version (const char *text);
