import { fakeClock } from '../../../../local/clock.ts'
import { ArmError } from '../../../../local/cloud/arm/arm-error.ts'
import { throttleOf } from '../../../../local/cloud/arm/throttle.ts'

describe('request limits', () => {
  it('refuse when a bucket is empty and let in again as it fills', () => {
    const clock = fakeClock()
    const throttle = throttleOf(clock, 1)
    expect(throttle.take('PUT', 's', 'me')).toEqual({ 'x-ms-ratelimit-remaining-subscription-writes': '199' })
    for (let index = 0; index < 199; index += 1) throttle.take('PUT', 's', 'me')
    expect(() => throttle.take('PATCH', 's', 'me')).toThrow(ArmError)
    expect(throttle.take('PUT', 's', 'other')).toBeDefined()
    expect(throttle.take('GET', 's', 'me')).toEqual({ 'x-ms-ratelimit-remaining-subscription-reads': '249' })
    clock.advance(100)
    expect(throttle.take('PUT', 's', 'me')).toEqual({ 'x-ms-ratelimit-remaining-subscription-writes': '0' })
  })

  it('fill faster when the world runs faster', () => {
    const clock = fakeClock()
    const throttle = throttleOf(clock, 50)
    for (let index = 0; index < 200; index += 1) throttle.take('DELETE', 's', 'me')
    clock.advance(20)
    expect(throttle.take('DELETE', 's', 'me')).toEqual({ 'x-ms-ratelimit-remaining-subscription-deletes': '9' })
  })
})
