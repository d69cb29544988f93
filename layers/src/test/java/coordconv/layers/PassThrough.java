package coordconv.layers;

/** A layer that gives what it reads, for tests to do something beside it. */
abstract class PassThrough extends UnaryLayer {
    @Override
    protected Shape infer(Shape input) {
        return input;
    }

    @Override
    protected void allocate(Shape input, Shape output, Execution execution, boolean inputGradient) {}

    @Override
    protected Tensor compute(Tensor x, Phase phase) {
        return x;
    }

    @Override
    protected Tensor propagate(Tensor dy) {
        return dy;
    }
}
