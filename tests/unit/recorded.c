/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tests/unit/recorded.h"

MigLoadedResult *
recorded_load (const char *name)
{
  const char *top = g_getenv ("top_srcdir") ? g_getenv ("top_srcdir") : ".";
  g_autofree char *path = g_build_filename (top, "tests", "data", name, NULL);
  g_autoptr (GError) error = NULL;
  MigLoadedResult *loaded = mig_loaded_result_read (path, &error);

  g_assert_no_error (error);
  return loaded;
}
