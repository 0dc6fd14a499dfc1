/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <libxml/xpath.h>
#include <string.h>
#include <sys/vfs.h>

#include "base/xml.h"
#include "virt/obstacle-disk.h"
#include "virt/obstacle-list.h"

/* Since these QEMU drops what it has cached of a file when its guest leaves, and libvirt knows. */
#define QEMU_DROPS_CACHE 4000000
#define LIBVIRT_DROPS_CACHE 5004000

/* Since this libvirt a setting of the host's can call any directory shared. */
#define LIBVIRT_CAN_BE_TOLD 10008000

/* what a guest writes to, and which no other program looks after */
#define DISKS                                                                                      \
  "/domain/devices/disk[not(@device) or @device='disk' or @device='lun'][not(readonly)]"           \
  "[source/@file or source/@dev]"

/* File systems that more than one machine may have: nfs, ceph, smb, cifs, smb2, gfs2, ocfs2, gpfs,
 * afs, lustre, and fuse, behind which any may be. */
static const guint32 shared_file_systems[] = { 0x6969,     0x00c36400, 0x517b,     0xff534d42,
                                               0xfe534d42, 0x01161970, 0x7461636f, 0x47504653,
                                               0x5346414f, 0x0bd00bd0, 0x65735546 };

static gboolean
is_unshared (const char *file)
{
  struct statfs found;

  if (statfs (file, &found) < 0)
    return FALSE; /* not known */
  for (guint i = 0; i < G_N_ELEMENTS (shared_file_systems); i++)
    if ((guint32) found.f_type == shared_file_systems[i])
      return FALSE;
  return TRUE;
}

static void
look_at_file (const char *name, const char *file, const MigDiskHost *host,
              const MigMigrationFlags *flags, GPtrArray *obstacles)
{
  if (!file || !host->local || flags->unsafe || !is_unshared (file))
    return;
  mig_obstacle_add (
      obstacles, host->libvirt_version < LIBVIRT_CAN_BE_TOLD,
      g_strdup_printf ("its disk %s, '%s', lies on a file system that no other host has", name,
                       file),
      "have it copied (--copy-storage all), or share the file and pass --unsafe");
}

/* look_at_cache: what a host keeps in its cache the other one does not see. NULL: the default. */
static void
look_at_cache (const char *name, const char *cache, const MigDiskHost *host,
               const MigMigrationFlags *flags, GPtrArray *obstacles)
{
  gboolean drops = host->qemu_version >= QEMU_DROPS_CACHE &&
                   host->libvirt_version >= LIBVIRT_DROPS_CACHE;
  gboolean known = host->qemu_version && host->libvirt_version;
  g_autofree char *mode = cache ? g_strdup_printf ("the cache mode '%s'", cache)
                                : g_strdup ("the default cache mode");

  if (g_strcmp0 (cache, "none") == 0 || g_strcmp0 (cache, "directsync") == 0)
    return;
  if (g_strcmp0 (cache, "unsafe") == 0)
    mig_obstacle_add (obstacles, FALSE,
                      g_strdup_printf ("its disk %s has %s: the destination may read what the "
                                       "source has not written yet",
                                       name, mode),
                      "give the disk cache='none', and start the guest anew");
  if (known && !drops && !flags->unsafe)
    mig_obstacle_add (obstacles, TRUE,
                      g_strdup_printf ("its disk %s has %s, which libvirt refuses as unsafe for "
                                       "QEMU before 4.0",
                                       name, mode),
                      "give the disk cache='none' and start the guest anew, or pass --unsafe");
}

/* attribute_of: of the disk's element of that name; NULL: it has none. The caller frees it. */
static char *
attribute_of (const xmlNode *disk, const char *element, const char *name)
{
  const xmlNode *found = mig_node_next (disk->children, element);

  return found ? mig_node_attribute (found, name) : NULL;
}

void
mig_domain_disk_obstacles (const char *xml, const MigDiskHost *host, const MigMigrationFlags *flags,
                           GPtrArray *obstacles)
{
  xmlDocPtr doc = mig_xml_parse (xml, strlen (xml), "domain", "domain", NULL);
  xmlXPathContextPtr context = doc ? xmlXPathNewContext (doc) : NULL;
  xmlXPathObjectPtr disks = context ? xmlXPathEvalExpression (BAD_CAST DISKS, context) : NULL;

  for (int i = 0; disks && disks->nodesetval && i < disks->nodesetval->nodeNr; i++)
    {
      if (flags->storage != MIG_STORAGE_STAYS)
        break; /* what is copied is safe */
      const xmlNode *disk = disks->nodesetval->nodeTab[i];
      g_autofree char *name = attribute_of (disk, "target", "dev");
      g_autofree char *cache = attribute_of (disk, "driver", "cache");
      g_autofree char *file = attribute_of (disk, "source", "file");
      look_at_file (name ? name : "?", file, host, flags, obstacles);
      look_at_cache (name ? name : "?", cache, host, flags, obstacles);
    }
  xmlXPathFreeObject (disks);
  xmlXPathFreeContext (context);
  xmlFreeDoc (doc);
}
