/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Programs of other packages that the lab starts. */
typedef enum {
  MIG_TOOL_IP,
  MIG_TOOL_TC,
  MIG_TOOL_DAEMON, /* virtqemud, else libvirtd */
  MIG_TOOL_EMULATOR,
} MigTool;

/* mig_tool_find: full path of a program, from PATH and the directories for administrators'
 * programs. Errors: UNSUPPORTED, with the packages to install. The caller frees the result. */
char *mig_tool_find (MigTool tool, GError **error);
