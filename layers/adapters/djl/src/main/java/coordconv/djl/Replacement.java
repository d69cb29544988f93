package coordconv.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Block;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.convolutional.Convolution;
import ai.djl.util.Pair;
import coordconv.kernels.CoordPreset;
import coordconv.kernels.Parallelism;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * A trained block tree with our convolutions in place of DJL's {@code Conv2d}, for inference.
 *
 * <p>{@link SequentialBlock}s and {@link ParallelBlock}s that hold such convolutions are made anew, and our convolutions
 * have copies of the arrays, frozen. All other blocks are the ones of the trained tree, which stays as it is; the
 * arrays of both belong to the manager of the trained tree.
 *
 * @param block the new tree; the trained block itself where nothing was replaced
 * @param replaced paths of the convolutions that are ours now
 * @param kept paths of the convolutions that are not, each with the reason
 */
public record Replacement(Block block, List<String> replaced, Map<String, String> kept) {
    /** Copies the lists. */
    public Replacement {
        Objects.requireNonNull(block, "block");
        replaced = List.copyOf(replaced);
        kept = Collections.unmodifiableMap(new LinkedHashMap<>(kept));
    }

    /**
     * Replaces the convolutions of a block.
     *
     * @param trained initialised or loaded; it is not changed
     * @param threads of one convolution
     * @return the new tree and what was done
     */
    public static Replacement of(Block trained, Parallelism threads) {
        Walk walk = new Walk(Objects.requireNonNull(threads, "threads"));
        Block block = walk.visit("", Objects.requireNonNull(trained, "trained"));
        return new Replacement(block, walk.replaced, walk.kept);
    }

    /** One walk over a tree. */
    private static final class Walk {
        private final Parallelism threads;
        private final List<String> replaced = new ArrayList<>();
        private final Map<String, String> kept = new LinkedHashMap<>();

        Walk(Parallelism threads) {
            this.threads = threads;
        }

        Block visit(String path, Block block) {
            if (block.getClass() == Conv2d.class) {
                return convolution(path, (Conv2d) block);
            }
            if (block.getClass() == SequentialBlock.class && !((SequentialBlock) block).isReturnIntermediate()) {
                return sequential(path, block);
            }
            if (block.getClass() == ParallelBlock.class) {
                return parallel(path, block);
            }
            if (block instanceof Convolution) {
                keep(path, block instanceof CoordConv2d ? "it is ours already" : "it is a " + block.getClass().getName());
            }
            // Nobody but its own class knows how such a block calls its children, or which of its fields they are.
            block.getChildren().forEach(child -> inside(join(path, child), child.getValue(), block.getClass().getName()));
            return block;
        }

        private Block sequential(String path, Block block) {
            List<Block> children = children(path, block);
            return children.equals(block.getChildren().values()) ? block : new SequentialBlock().addAll(children);
        }

        private Block parallel(String path, Block block) {
            Function<List<NDList>, NDList> join = joinOf(block);
            if (join == null) {
                block.getChildren().forEach(child -> inside(join(path, child), child.getValue(), block.getClass().getName()));
                return block;
            }
            List<Block> children = children(path, block);
            return children.equals(block.getChildren().values()) ? block : new ParallelBlock(join, children);
        }

        private List<Block> children(String path, Block block) {
            List<Block> children = new ArrayList<>();
            block.getChildren().forEach(child -> children.add(visit(join(path, child), child.getValue())));
            return children;
        }

        /** How a block joins what its children give, or null: DJL has no method that tells. */
        @SuppressWarnings("unchecked") // that is the type of the field
        private static Function<List<NDList>, NDList> joinOf(Block block) {
            try {
                Field field = ParallelBlock.class.getDeclaredField("function");
                field.setAccessible(true);
                return (Function<List<NDList>, NDList>) field.get(block);
            } catch (ReflectiveOperationException | RuntimeException e) {
                return null;
            }
        }

        private Block convolution(String path, Conv2d block) {
            Parameter weight = block.getDirectParameters().get("weight");
            if (!weight.isInitialized()) {
                return keep(path, block, "it has no weights yet");
            }
            NDArray values = weight.getArray();
            if (values.getDataType() != DataType.FLOAT32) {
                return keep(path, block, "its weights are " + values.getDataType());
            }
            CoordConv2d.Builder builder = CoordConv2d.builder().setKernelShape(block.getKernelShape()).setFilters(block.getFilters())
                    .optStride(block.getStride()).optPadding(block.getPadding()).optDilation(block.getDilation())
                    .optGroups(block.getGroups()).optBias(block.isIncludeBias()).optCoords(CoordPreset.NONE).optParallelism(threads);
            CoordConv2d ours = builder.build();
            ours.take(values, block.isIncludeBias() ? block.getDirectParameters().get("bias").getArray() : null);
            replaced.add(path);
            return ours;
        }

        private void inside(String path, Block block, String owner) {
            if (block instanceof Conv2d) {
                keep(path, "it is a part of " + owner + ", which calls it by itself");
            }
            block.getChildren().forEach(child -> inside(join(path, child), child.getValue(), owner));
        }

        private Block keep(String path, Block block, String why) {
            keep(path, why);
            return block;
        }

        private void keep(String path, String why) {
            kept.put(path, why);
        }

        private static String join(String path, Pair<String, Block> child) {
            return path.isEmpty() ? child.getKey() : path + "." + child.getKey();
        }
    }
}
