package coordconv.layers.tasks;

import coordconv.layers.internal.Lists;
import java.util.ArrayList;
import java.util.List;

/** Generated {@link Figure}s to learn from and to be tested on. Equal seeds give equal figures on every machine. */
public final class ArticulatedFigures {
    /** Figures to learn from, unless another number is asked for. */
    public static final int TRAIN = 6000;
    /** The most figures to learn from; they take some kilobytes each. */
    public static final int MOST_TRAIN = 100_000;
    /** Figures held out. */
    public static final int TEST = 1000;

    private ArticulatedFigures() {}

    /**
     * Figures to learn from and others that are held out.
     *
     * @param train to learn from
     * @param test held out
     */
    public record Parts(List<Figure> train, List<Figure> test) {
        /** Copies the lists. */
        public Parts {
            train = Lists.copy("train", train);
            test = Lists.copy("test", test);
        }
    }

    /**
     * The figures of a seed. Those held out are drawn first: they do not depend on how many are to learn from.
     *
     * @param seed any number
     * @param train how many to learn from, 1 to {@value #MOST_TRAIN}
     * @return both parts, with {@value #TEST} figures held out
     * @throws IllegalArgumentException if there are too few or too many to learn from
     */
    public static Parts parts(long seed, int train) {
        if (train < 1 || train > MOST_TRAIN) {
            throw new IllegalArgumentException("train: given " + train + ", needed 1 to " + MOST_TRAIN);
        }
        FigureSampler sampler = new FigureSampler(seed);
        List<Figure> test = take(sampler, TEST);
        return new Parts(take(sampler, train), test);
    }

    private static List<Figure> take(FigureSampler sampler, int count) {
        List<Figure> figures = new ArrayList<>();
        while (figures.size() < count) {
            figures.add(sampler.next());
        }
        return figures;
    }
}
