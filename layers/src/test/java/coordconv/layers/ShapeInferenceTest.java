package coordconv.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.kernels.CoordPreset;
import coordconv.layers.convolution.Conv2d;
import coordconv.layers.convolution.ConvSpec;
import coordconv.layers.convolution.ConvTranspose2d;
import coordconv.layers.convolution.CoordConv2d;
import coordconv.layers.convolution.CoordConvTranspose2d;
import coordconv.layers.pooling.AvgPool2d;
import coordconv.layers.pooling.MaxPool2d;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Shapes inferred for any sizes, against counting the places where a window fits. */
class ShapeInferenceTest {
    private static int places(int size, int kernel, int stride, int padding, int dilation) {
        int count = 0;
        for (int at = -padding; at + (kernel - 1) * dilation < size + padding; at += stride) {
            count++;
        }
        return count;
    }

    private static Layer convolution(boolean coords, ConvSpec spec) {
        return coords ? new CoordConv2d(spec) : new Conv2d(spec);
    }

    @Property(tries = 300)
    void convolutionsCountThePlaces(@ForAll boolean coords, @ForAll @IntRange(min = 1, max = 12) int h,
            @ForAll @IntRange(min = 1, max = 12) int w, @ForAll @IntRange(min = 1, max = 4) int kernel,
            @ForAll @IntRange(min = 1, max = 3) int stride, @ForAll @IntRange(min = 0, max = 3) int padding,
            @ForAll @IntRange(min = 1, max = 3) int dilation) {
        Layer layer = convolution(coords, ConvSpec.of(2, 3, kernel).withStride(stride).withPadding(padding)
                .withDilation(dilation, dilation));
        Shape input = Shape.of(2, 2, h, w);
        int oh = places(h, kernel, stride, padding, dilation);
        int ow = places(w, kernel, stride, padding, dilation);
        if (oh == 0 || ow == 0) {
            ShapeException refusal = assertThrows(ShapeException.class, () -> layer.outputShape(input));
            assertTrue(refusal.getMessage().contains(layer.type()) && refusal.getMessage().contains(input.toString()),
                    refusal.getMessage());
        } else {
            assertEquals(Shape.of(2, 3, oh, ow), layer.outputShape(input));
        }
    }

    @Property(tries = 60)
    void whatIsInferredIsWhatComesOut(@ForAll boolean coords, @ForAll @IntRange(min = 1, max = 5) int h,
            @ForAll @IntRange(min = 1, max = 5) int w, @ForAll @IntRange(min = 1, max = 3) int kernel,
            @ForAll @IntRange(min = 1, max = 2) int stride) {
        Layer layer = convolution(coords, ConvSpec.of(2, 3, kernel).withStride(stride).withPadding(1));
        Shape input = Shape.of(1, 2, h, w);
        Assume.that(kernel <= Math.min(h, w) + 2);
        Shape inferred = layer.outputShape(input);
        layer.initialise(1);
        assertEquals(inferred, layer.configure(input, Execution.TRAINING, true));
        assertEquals(inferred, layer.forward(Tensor.zeros(input), Phase.TRAINING).shape());
        assertEquals(input, layer.backward(Tensor.zeros(inferred)).shape());
    }

    /** The output is the smallest image in which an ordinary convolution finds as many places as there are inputs. */
    @Property(tries = 80)
    void transposedConvolutionsInvertTheCount(@ForAll boolean coords, @ForAll @IntRange(min = 1, max = 8) int h,
            @ForAll @IntRange(min = 1, max = 8) int w, @ForAll @IntRange(min = 1, max = 4) int kernel,
            @ForAll @IntRange(min = 1, max = 3) int stride, @ForAll @IntRange(min = 0, max = 2) int padding,
            @ForAll @IntRange(min = 0, max = 2) int extra) {
        Assume.that(extra < stride);
        ConvSpec spec = ConvSpec.of(2, 3, kernel).withStride(stride).withPadding(padding);
        Layer layer = coords ? new CoordConvTranspose2d(spec, extra, CoordPreset.PADDLE) : new ConvTranspose2d(spec, extra);
        Shape input = Shape.of(2, 2, h, w);
        int least = Math.min(h, w);
        if ((least - 1) * stride + kernel + extra - 2 * padding < 1) {
            assertThrows(ShapeException.class, () -> layer.outputShape(input));
            return;
        }
        Shape output = layer.outputShape(input);
        assertEquals(Shape.of(2, 3, output.extent(2), output.extent(3)), output);
        for (int axis = 2; axis < 4; axis++) {
            int smallest = output.extent(axis) - extra;
            assertEquals(input.extent(axis), places(smallest, kernel, stride, padding, 1));
            assertEquals(input.extent(axis) - 1, places(smallest - 1, kernel, stride, padding, 1));
        }
        layer.initialise(1);
        assertEquals(output, layer.configure(input, Execution.TRAINING, true));
        assertEquals(output, layer.forward(Tensor.zeros(input), Phase.TRAINING).shape());
        assertEquals(input, layer.backward(Tensor.zeros(output)).shape());
    }

    @Property(tries = 200)
    void poolsCountThePlaces(@ForAll boolean max, @ForAll @IntRange(min = 1, max = 12) int h,
            @ForAll @IntRange(min = 1, max = 12) int w, @ForAll @IntRange(min = 1, max = 5) int kernel,
            @ForAll @IntRange(min = 1, max = 3) int stride, @ForAll @IntRange(min = 0, max = 2) int padding) {
        Assume.that(padding <= kernel / 2);
        Layer layer = max ? new MaxPool2d(kernel, stride, padding) : new AvgPool2d(kernel, stride, padding, true);
        Shape input = Shape.of(2, 3, h, w);
        int oh = places(h, kernel, stride, padding, 1);
        int ow = places(w, kernel, stride, padding, 1);
        if (oh == 0 || ow == 0) {
            assertThrows(ShapeException.class, () -> layer.outputShape(input));
        } else {
            assertEquals(Shape.of(2, 3, oh, ow), layer.outputShape(input));
        }
    }

    @Property(tries = 100)
    void wrongChannelsAreRefusedByName(@ForAll @IntRange(min = 1, max = 6) int given,
            @ForAll @IntRange(min = 1, max = 6) int needed) {
        Assume.that(given != needed);
        Sequential model = Sequential.builder().add("first", new Conv2d(ConvSpec.of(needed, 2, 1))).build();
        ShapeException refusal = assertThrows(ShapeException.class, () -> model.outputShape(Shape.of(1, given, 4, 4)));
        assertEquals("first (Conv2D) input: given [1, " + given + ", 4, 4], needed [N, " + needed + ", H, W]",
                refusal.getMessage());
    }
}
