/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdbool.h>

/* mig_modules_load: for PID 1: loads the kernel modules in /modules, in the order of their names,
 * and gives their memory back. False: one of them could not be, or there are none; the console says
 * so. */
bool mig_modules_load (void);
