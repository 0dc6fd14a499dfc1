/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The controlling terminal's modes. An ssh that asks for a password has switched echo off, and
 * switches it on again only some time after migcost has ended. */

/* mig_terminal_modes_keep: as they are now; without a terminal: nothing. */
void mig_terminal_modes_keep (void);

/* mig_terminal_modes_restore: as they were kept, where the terminal is this process group's now. */
void mig_terminal_modes_restore (void);
