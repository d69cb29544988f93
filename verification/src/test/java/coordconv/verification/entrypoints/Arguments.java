package coordconv.verification.entrypoints;

import java.lang.reflect.Executable;

/** Sound arguments of the few entry points that a value of the right type alone does not satisfy. */
final class Arguments {
    private Arguments() {}

    static Object of(Executable member, int index, Sound sound) {
        return sound.of(member.getParameterTypes()[index]);
    }
}
