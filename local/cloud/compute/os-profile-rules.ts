import { invalidParameter, missingParameter } from './errors.ts'
import type { OsProfile } from './vm-body.ts'

/** Longest custom data, in base64 characters: 64 KiB before encoding [learn: virtual-machines/custom-data]. */
const LONGEST_CUSTOM_DATA = 87_380

/** [learn: virtual-machines/linux/faq, what are the username requirements] */
const RESERVED_USERS = new Set(
  'administrator,admin,user,user1,test,user2,test1,user3,admin1,1,123,a,actuser,adm,admin2,aspnet,backup,console,david,guest,john,owner,root,server,sql,support,support_388945a0,sys,test2,test3,user4,user5,video'.split(
    ',',
  ),
)

const HOST_NAME_FORBIDDEN = /[\s`~!@#$%^&*()=+_[\]{}\\|;:'",<>/?.]/

const KEY = /^(ssh-rsa|ssh-ed25519|ecdsa-sha2-nistp(256|384|521)) [A-Za-z0-9+/]{40,}={0,2}( .*)?$/

/** Refuses what the compute RP refuses of a Linux machine's OS profile. */
export function assertOsProfile(profile: OsProfile): void {
  const { computerName, adminUsername, adminPassword, customData, linuxConfiguration } = profile
  if (!computerName) throw missingParameter('osProfile.computerName')
  if (computerName.length > 64 || HOST_NAME_FORBIDDEN.test(computerName)) {
    throw invalidParameter(
      'Linux host name cannot exceed 64 characters in length or contain the following characters: ` ~ ! @ # $ % ^ & * ( ) = + _ [ ] { } \\ | ; : \' " , < > / ?.',
      'computerName',
    )
  }
  if (!adminUsername) throw missingParameter('osProfile.adminUsername')
  if (RESERVED_USERS.has(adminUsername.toLowerCase())) {
    throw invalidParameter(
      'The Admin Username specified is not allowed. For more information about disallowed usernames, see https://aka.ms/vmosprofile',
      'adminUsername',
    )
  }
  if (customData && (customData.length > LONGEST_CUSTOM_DATA || !/^[A-Za-z0-9+/]*={0,2}$/.test(customData))) {
    throw invalidParameter(
      `Custom data in OSProfile must be in Base64 encoding and with a maximum length of ${LONGEST_CUSTOM_DATA} characters.`,
      'customData',
    )
  }
  const keys = linuxConfiguration?.ssh?.publicKeys ?? []
  if (!adminPassword && keys.length === 0) {
    throw invalidParameter(
      'Authentication using either SSH or by user name and password must be enabled in Linux profile.',
      'linuxConfiguration',
    )
  }
  for (const { path, keyData } of keys) {
    const only = `/home/${adminUsername}/.ssh/authorized_keys`
    if (path !== only) {
      throw invalidParameter(
        `Destination path for SSH public keys is currently limited to its default value ${only} due to a known issue in Linux provisioning agent.`,
        'linuxConfiguration.ssh.publicKeys.path',
      )
    }
    if (!keyData || !isPublicKey(keyData)) {
      throw invalidParameter(
        'The value of parameter linuxConfiguration.ssh.publicKeys.keyData is invalid.',
        'linuxConfiguration.ssh.publicKeys.keyData',
      )
    }
  }
}

/** An OpenSSH public key of one of the kinds that Azure takes. */
export function isPublicKey(text: string): boolean {
  return KEY.test(text.trim())
}
