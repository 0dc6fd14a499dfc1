/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/error.h"
#include "lab/tools.h"

static const struct {
  const char *names[3]; /* in the order of preference */
  const char *debian, *fedora;
} tools[] = {
  [MIG_TOOL_IP] = { { "ip" }, "iproute2", "iproute" },
  [MIG_TOOL_TC] = { { "tc" }, "iproute2", "iproute-tc" },
  [MIG_TOOL_DAEMON] = { { "virtqemud", "libvirtd" },
                        "libvirt-daemon and libvirt-daemon-driver-qemu",
                        "libvirt-daemon-driver-qemu" },
  [MIG_TOOL_EMULATOR] = { { "qemu-system-x86_64" }, "qemu-system-x86", "qemu-system-x86-core" },
};

/* Ordinary users' PATH often lacks these. */
static const char *const more_directories[] = { "/usr/local/sbin", "/usr/sbin", "/sbin" };

char *
mig_tool_find (MigTool tool, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (tools[tool].names) && tools[tool].names[i]; i++)
    {
      char *path = g_find_program_in_path (tools[tool].names[i]);
      for (guint j = 0; !path && j < G_N_ELEMENTS (more_directories); j++)
        {
          g_autofree char *candidate = g_build_filename (more_directories[j], tools[tool].names[i],
                                                         NULL);
          path = g_find_program_in_path (candidate);
        }
      if (path)
        return path;
    }
  g_set_error (error, MIG_ERROR, MIG_ERROR_UNSUPPORTED,
               "the lab needs '%s': install %s (Debian, Ubuntu) or %s (Fedora)",
               tools[tool].names[0], tools[tool].debian, tools[tool].fedora);
  return NULL;
}
