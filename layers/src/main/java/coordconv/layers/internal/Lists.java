package coordconv.layers.internal;

import java.util.List;
import java.util.Objects;

/** Lists as records keep them. */
public final class Lists {
    private Lists() {}

    /**
     * An immutable copy.
     *
     * @param argument name of the argument, for the refusal
     * @param list the elements
     * @param <T> their type
     * @return the copy
     * @throws NullPointerException naming the argument if it or an element is null
     */
    public static <T> List<T> copy(String argument, List<T> list) {
        for (T element : Objects.requireNonNull(list, argument)) {
            if (element == null) {
                throw new NullPointerException(argument + ": given an element that is null, needed none");
            }
        }
        return List.copyOf(list);
    }
}
