/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "virt/domain-xml.h"
#include "virt/template.h"

/* A domain template, and domain XML as a host returns it. What comes out is XML again, and marked.
 */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  MigTemplateValues values = { .name = "migcost-<&>",
                               .owner = "x",
                               .memory_bytes = 1 << 20,
                               .kernel = "/k",
                               .initrd = "/i",
                               .arguments = "memory wss=1",
                               .emulator = "/q" };
  g_autoptr (GError) error = NULL;
  int fd;
  const char *path = fuzz_file (data, size, &fd);
  g_autofree char *xml = mig_template_fill (path, &values, &error);
  g_autofree char *text = g_strndup ((const char *) data, size);

  g_free (mig_template_domain_type (path, NULL));
  g_free (mig_template_os_type (path, NULL));
  g_free (mig_domain_xml_pin (text, 1, 2, NULL));
  fuzz_file_close (fd);
  g_assert (!xml == (error != NULL));
  mig_domain_xml_is_marked (text);
  if (xml)
    {
      g_autofree char *pinned = mig_domain_xml_pin (xml, 1, 2, NULL);
      g_assert (pinned && mig_domain_xml_is_marked (pinned));
    }
  return 0;
}
